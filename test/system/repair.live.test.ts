import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

let system: System;
let ingress: HooklineProcess;
let smtp: ScriptedSmtp;
let receiver: Server;
let warehouseStatus = 200;
const handedOver: string[] = [];

beforeAll(async () => {
  smtp = await startScriptedSmtp();
  receiver = createServer((request, response) => {
    if (warehouseStatus === 200) handedOver.push(String(request.headers['webhook-id']));
    request.resume().on('end', () => response.writeHead(warehouseStatus).end());
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  const warehouseUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/orders`;
  system = await startSystem();
  [ingress] = await Promise.all([system.startIngress(), system.startWorker({ smtpUrl: smtp.url, warehouseUrl })]);
});
beforeEach(() => {
  smtp.script.atRecipient = '250 ok';
  smtp.script.afterDot = '250 taken';
  warehouseStatus = 200;
});
afterAll(async () => {
  await system.close();
  await smtp.close();
  receiver.close();
});

const runOf = async (id: string) => (await system.runs()).find(({ event_id }) => event_id === id);
const closesAs = (id: string, expected: object) => expect.poll(() => runOf(id), { timeout: 20_000, interval: 50 }).toMatchObject(expected);
const mailsTo = (id: string): number => smtp.received.filter((message) => message.includes(`To: ${id}@example.com`)).length;

describe('a resend of a failed event repairs it', () => {
  it('makes a reservation again that was undone, and sends the mail that was refused', async () => {
    const id = randomUUID();
    const before = await system.stockOf('MUG');
    smtp.script.atRecipient = '550 no such user';
    await system.post(ingress, orderOf(id));
    await closesAs(id, { state: 'failed', code: 'mail.refused', attempt: 1 });
    expect(await system.stockOf('MUG')).toBe(before);

    smtp.script.atRecipient = '250 ok';
    expect((await system.post(ingress, orderOf(id))).body.status).toBe('duplicate');
    await closesAs(id, { state: 'done', attempt: 2 });
    expect([await system.stockOf('MUG'), mailsTo(id)]).toEqual([before - 2, 1]);
    expect(await system.effects(id)).toEqual([
      'analytics.record done 0',
      'email.sendOrderConfirmation done 0',
      'fulfilment.notifyWarehouse done 0',
      'inventory.release done 0',
      'inventory.reserve done 1',
      'inventory.reserve undone 0',
    ]);
  });

  it('does not send a mail again that was sent before', async () => {
    const id = randomUUID();
    warehouseStatus = 400;
    await system.post(ingress, orderOf(id));
    await closesAs(id, { state: 'failed', code: 'http.refused' });
    expect(mailsTo(id)).toBe(1);

    warehouseStatus = 200;
    const before = handedOver.length;
    await system.post(ingress, orderOf(id));
    await closesAs(id, { state: 'done', attempt: 2 });
    expect([mailsTo(id), handedOver.length]).toEqual([1, before + 1]);
  });

  it('never sends a mail again whose outcome nobody knows', async () => {
    const id = randomUUID();
    smtp.script.afterDot = 'drop';
    await system.post(ingress, orderOf(id));
    await closesAs(id, { state: 'failed', code: 'effect.unknown', attempt: 1 });
    smtp.script.afterDot = '250 taken';
    await system.post(ingress, orderOf(id));
    await closesAs(id, { state: 'failed', code: 'effect.unknown', attempt: 2 });
    expect(mailsTo(id)).toBe(1);
    expect(await system.effects(id)).toContain('email.sendOrderConfirmation unknown 0');
  });

  it('asks once for a repair when many copies arrive at once', async () => {
    const id = randomUUID();
    smtp.script.atRecipient = '550 no such user';
    await system.post(ingress, orderOf(id));
    await closesAs(id, { state: 'failed', attempt: 1 });
    smtp.script.atRecipient = '250 ok';
    await Promise.all(Array.from({ length: 20 }, () => system.post(ingress, orderOf(id))));
    await closesAs(id, { state: 'done', attempt: 2 });
    expect(mailsTo(id)).toBe(1);
  });
});
