import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startFaultProxy, through, type FaultProxy, type TrapPoint } from '../support/fault-proxy.ts';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

const FINAL_DOT = '\r\n.\r\n';

let system: System;
let smtp: ScriptedSmtp;
let database: FaultProxy;
let mailWay: FaultProxy;
let ingress: HooklineProcess;
let worker: HooklineProcess;

// One worker at a time, each behind the proxies: the one that is started after a kill goes on with what the dead one has left.
const startWorker = async (): Promise<void> => {
  worker = await system.startWorker({ databaseUrl: through(system.database.url, database), smtpUrl: through(smtp.url, mailWay) });
};
const killAt = (proxy: FaultProxy, text: string, point: TrapPoint): Promise<void> => {
  const { pid } = worker;
  return proxy.arm({ text, point, act: () => process.kill(pid, 'SIGKILL') });
};

beforeAll(async () => {
  smtp = await startScriptedSmtp();
  system = await startSystem();
  database = await startFaultProxy(Number(new URL(system.database.url).port));
  mailWay = await startFaultProxy(smtp.port);
  ingress = await system.startIngress();
  await startWorker();
});
beforeEach(() => {
  smtp.script.atRecipient = '250 ok';
});
afterAll(async () => {
  await system.close();
  await Promise.all([smtp.close(), database.close(), mailWay.close()]);
});

const mailsTo = (id: string): number => smtp.received.filter((message) => message.includes(`To: ${id}@example.com`)).length;
const runOf = async (id: string) => (await system.runs()).find(({ event_id }) => event_id === id);
const closesAs = (id: string, expected: object) => expect.poll(() => runOf(id), { timeout: 50_000, interval: 100 }).toMatchObject(expected);

describe('a worker that is killed around a mail', () => {
  it.each<[string, () => FaultProxy, string, TrapPoint, object, number]>([
    ['before it says that it is sending: sends it after all', () => database, 'ledger.markSending', 'beforeForward', { state: 'done' }, 1],
    [
      'after it has said so, before the final dot: an operator is told',
      () => mailWay,
      FINAL_DOT,
      'beforeForward',
      { state: 'failed', code: 'effect.unknown' },
      0,
    ],
    [
      'after the final dot: sent once, and an operator is told',
      () => mailWay,
      FINAL_DOT,
      'afterForward',
      { state: 'failed', code: 'effect.unknown' },
      1,
    ],
    [
      'before it writes that the mail was taken: sent once, and an operator is told',
      () => database,
      'ledger.settle',
      'beforeForward',
      { state: 'failed', code: 'effect.unknown' },
      1,
    ],
  ])(
    '%s',
    async (_name, proxy, text, point, expected, mails) => {
      const id = randomUUID();
      const stock = await system.stockOf('MUG');
      // `ledger.settle` is also how the reservation ends: only the one after the dot is meant.
      const dotSeen =
        text === 'ledger.settle' ? mailWay.watch(FINAL_DOT).then(() => killAt(proxy(), text, point)) : killAt(proxy(), text, point);
      await system.post(ingress, orderOf(id));
      await dotSeen;
      await startWorker();
      await closesAs(id, expected);
      expect(mailsTo(id)).toBe(mails);
      expect(await system.stockOf('MUG')).toBe('code' in expected ? stock : stock - 2);
    },
    120_000,
  );
});

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
      const stock = await system.stockOf('MUG');
      smtp.script.atRecipient = '550 no such user';
      const killedInUndo = phase === 'undo' ? killAt(database, text, point) : null;
      await system.post(ingress, orderOf(id));
      if (killedInUndo !== null) {
        await killedInUndo;
        await startWorker();
      }
      await closesAs(id, { state: 'failed', code: 'mail.refused', attempt: 1 });
      expect(await system.stockOf('MUG')).toBe(stock);

      smtp.script.atRecipient = '250 ok';
      const killedInRepair = phase === 'repair' ? killAt(database, text, point) : null;
      await system.post(ingress, orderOf(id));
      if (killedInRepair !== null) {
        await killedInRepair;
        await startWorker();
      }
      await closesAs(id, { state: 'done', attempt: 2 });
      expect([await system.stockOf('MUG'), mailsTo(id)]).toEqual([stock - 2, 1]);
      expect(await system.effects(id)).toEqual([
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
