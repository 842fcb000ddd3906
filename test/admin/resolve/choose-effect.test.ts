import { describe, expect, test } from 'vitest';
import { chooseEffect } from '../../../src/admin/resolve/choose-effect.ts';
import type { EffectRow, WholeEvent } from '../../../src/store/events.ts';
import { effectRow, runRow } from '../operator-rows.ts';

const mail = 'email.sendOrderConfirmation';
const of = (...effects: readonly EffectRow[]): Pick<WholeEvent, 'runs' | 'effects'> => ({
  runs: [runRow({ chain: 'new-order', ledger: 'new-order' }), runRow({ chain: 'invoice', ledger: 'invoice' })],
  effects,
});

describe('the effect that a person means', () => {
  test('is the only unknown one of the action', () => {
    const effect = effectRow({ action: mail, key: '1', state: 'unknown' });
    expect(chooseEffect(of(effectRow({ action: mail, key: '0', state: 'done' }), effect), { action: mail })).toEqual({ ok: true, effect });
  });

  test('has to be told apart where several are unknown: by key, or by chain', () => {
    const effects = of(
      effectRow({ action: mail, key: '0', state: 'unknown' }),
      effectRow({ action: mail, key: '1', state: 'unknown' }),
      effectRow({ action: mail, key: '0', state: 'unknown', ledger: 'invoice' }),
    );
    expect(() => chooseEffect(effects, { action: mail })).toThrow('several are unknown');
    expect(() => chooseEffect(effects, { action: mail, key: '0' })).toThrow('several are unknown');
    expect(chooseEffect(effects, { action: mail, key: '1' })).toMatchObject({ effect: { key: '1' } });
    expect(chooseEffect(effects, { action: mail, chain: 'invoice' })).toMatchObject({ effect: { ledger: 'invoice' } });
  });

  test('is never one of a round that a later one has replaced', () => {
    const effects = of(effectRow({ action: mail, state: 'unknown' }), effectRow({ action: mail, round: 1, state: 'done' }));
    expect(chooseEffect(effects, { action: mail })).toEqual({ ok: false, reason: 'it is done' });
  });

  test.each([
    ['done', 'it is done'],
    ['undone', 'it was undone'],
    ['intended', 'it has not happened'],
    ['sending', 'it is being sent'],
  ] as const)('is not resolved where it is %s', (state, reason) => {
    expect(chooseEffect(of(effectRow({ action: mail, state })), { action: mail })).toMatchObject({
      ok: false,
      reason: expect.stringContaining(reason) as string,
    });
  });

  test('is not there where the event has none like it; what it has is listed', () => {
    const effects = of(effectRow({ action: mail, key: '0', state: 'done' }));
    expect(() => chooseEffect(effects, { action: 'email.send' })).toThrow(
      expect.objectContaining({ code: 'api.notFound', fix: `it has \`${mail}\` with key \`0\` (done)` }) as Error,
    );
    expect(() => chooseEffect(effects, { action: mail, chain: 'no-such-chain' })).toThrow('api.notFound');
  });
});
