import { expect, test } from 'vitest';
import { toRepeatedEffects } from '../../../src/admin/replay/repeated-effects.ts';
import type { EffectState } from '../../../src/store/ledger.ts';

const effect = (action: string, round: number, state: EffectState, ledger = 'new-order') => ({ ledger, action, key: '0', round, state });

test('a replay of all repeats the newest round of what has happened or may have, and neither undos nor what was undone', () => {
  const happened = effect('email.sendOrderConfirmation', 1, 'done');
  const unclear = effect('fulfilment.notifyWarehouse', 0, 'unknown');
  const effects = [
    effect('email.sendOrderConfirmation', 0, 'done'),
    happened,
    unclear,
    effect('inventory.reserve', 0, 'undone'),
    effect('inventory.release', 0, 'done'),
    effect('analytics.record', 0, 'intended'),
    effect('email.sendOrderConfirmation', 0, 'done', 'another-chain'),
  ];
  expect(toRepeatedEffects([{ ledger: 'new-order' }], effects)).toEqual([happened, unclear]);
});
