import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FaultProxy, TrapPoint } from '../support/fault-proxy.ts';
import { useKillableWorker } from '../support/killable-worker.ts';
import { orderOf } from '../support/system.ts';

const FINAL_DOT = '\r\n.\r\n';
const { system, database, mailWay, ingress, startWorker, killAt, mailsTo, closesAs } = useKillableWorker();

describe('a worker that is killed around a mail', () => {
  it.each<[string, () => FaultProxy, string, TrapPoint, object, number]>([
    ['before it says that it is sending: sends it after all', database, 'ledger.markSending', 'beforeForward', { state: 'done' }, 1],
    [
      'after it has said so, before the final dot: an operator is told',
      mailWay,
      FINAL_DOT,
      'beforeForward',
      { state: 'failed', code: 'effect.unknown' },
      0,
    ],
    [
      'after the final dot: sent once, and an operator is told',
      mailWay,
      FINAL_DOT,
      'afterForward',
      { state: 'failed', code: 'effect.unknown' },
      1,
    ],
    [
      'before it writes that the mail was taken: sent once, and an operator is told',
      database,
      'ledger.settle',
      'beforeForward',
      { state: 'failed', code: 'effect.unknown' },
      1,
    ],
  ])(
    '%s',
    async (_name, proxy, text, point, expected, mails) => {
      const id = randomUUID();
      const stock = await system().stockOf('MUG');
      // `ledger.settle` is also how the reservation ends: only the one after the dot is meant.
      const dotSeen =
        text === 'ledger.settle'
          ? mailWay()
              .watch(FINAL_DOT)
              .then(() => killAt(proxy(), text, point))
          : killAt(proxy(), text, point);
      await system().post(ingress(), orderOf(id));
      await dotSeen;
      await startWorker();
      await closesAs(id, expected);
      expect(mailsTo(id)).toBe(mails);
      expect(await system().stockOf('MUG')).toBe('code' in expected ? stock : stock - 2);
    },
    120_000,
  );
});
