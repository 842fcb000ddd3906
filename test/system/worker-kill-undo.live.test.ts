import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { TrapPoint } from '../support/fault-proxy.ts';
import { useKillableWorker } from '../support/killable-worker.ts';
import { orderOf } from '../support/system.ts';

const { system, smtp, database, ingress, startWorker, killAt, mailsTo, closesAs } = useKillableWorker();

describe('undo and repair, with a kill at each point', () => {
  it.each<[string, TrapPoint, 'undo' | 'repair']>([
    ['ledger.lockUndone', 'beforeForward', 'undo'],
    ['stock.release', 'afterReply', 'undo'],
    ['runs.markOutcome', 'beforeForward', 'undo'],
    ['runs.markOutcome', 'afterReply', 'undo'],
    ['ledger.claim', 'afterReply', 'repair'],
    ['stock.take', 'afterReply', 'repair'],
    ['ledger.markSending', 'beforeForward', 'repair'],
    ['runs.markOutcome', 'beforeForward', 'repair'],
  ])(
    'at `%s`, %s, in the %s: held once, mailed once',
    async (text, point, phase) => {
      const id = randomUUID();
      const stock = await system().stockOf('MUG');
      smtp().script.atRecipient = '550 no such user';
      const killedInUndo = phase === 'undo' ? killAt(database(), text, point) : null;
      await system().post(ingress(), orderOf(id));
      if (killedInUndo !== null) {
        await killedInUndo;
        await startWorker();
      }
      await closesAs(id, { state: 'failed', code: 'mail.refused', attempt: 1 });
      expect(await system().stockOf('MUG')).toBe(stock);

      smtp().script.atRecipient = '250 ok';
      const killedInRepair = phase === 'repair' ? killAt(database(), text, point) : null;
      await system().post(ingress(), orderOf(id));
      if (killedInRepair !== null) {
        await killedInRepair;
        await startWorker();
      }
      await closesAs(id, { state: 'done', attempt: 2 });
      expect([await system().stockOf('MUG'), mailsTo(id)]).toEqual([stock - 2, 1]);
      expect(await system().effects(id)).toEqual([
        'analytics.record done 0',
        'email.sendOrderConfirmation done 0',
        'fulfilment.notifyWarehouse done 0',
        'inventory.release done 0',
        'inventory.reserve done 1',
        'inventory.reserve undone 0',
      ]);
    },
    150_000,
  );
});
