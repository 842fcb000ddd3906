import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createMailTemplates } from '../../src/activities/mail-templates.ts';
import { createMailer } from '../../src/activities/mailer.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';
import { startRoughWay, type RoughWay } from './rough-way.ts';

/** Deadlines of the product and of Temporal pass in these tests, on a machine that may be busy. */
const PATIENT = { timeout: 150_000 } as const;
/** Longer than any test. */
const FOR_EVER_MS = 600_000;
/** Three times the longest that the mailer waits for a word. */
const LONGEST_DEADLINE_MS = 60_000;
const MAIL_ACTION = 'email.sendOrderConfirmation';

let smtp: ScriptedSmtp;
let mailWay: FaultProxy;
let temporalWay: RoughWay;
let system: System;
let ingress: HooklineProcess;
let worker: HooklineProcess;
const silences = new Map<string, Promise<unknown>>();

beforeAll(async () => {
  // they wait for the whole of a deadline each: meanwhile the other tests run
  for (const at of ['greeting', 'recipient', 'dot'] as const) silences.set(at, sendToSilentServer(at));
  smtp = await startScriptedSmtp();
  mailWay = await startFaultProxy(smtp.port);
  temporalWay = await startRoughWay(Number(inject('temporalAddress').split(':').at(-1)));
  system = await startSystem();
  [ingress, worker] = await Promise.all([
    system.startIngress(),
    system.startWorker({ smtpUrl: `smtp://127.0.0.1:${mailWay.port}`, temporalAddress: temporalWay.address }),
  ]);
});
afterAll(async () => {
  await system.close();
  await Promise.all([smtp.close(), mailWay.close(), temporalWay.close()]);
});

const mailsTo = (id: string): readonly string[] => smtp.received.filter((message) => message.includes(`To: ${id}@example.com`));
const closesAs = (id: string, expected: object) =>
  expect
    .poll(async () => (await system.runs()).find(({ event_id }) => event_id === id), { timeout: 90_000, interval: 50 })
    .toMatchObject(expected);

it('a server that puts a mail off is asked again until it takes it, with a mail that is equal byte for byte', PATIENT, async () => {
  const id = randomUUID();
  smtp.script.afterDot = '452 full';
  await system.post(ingress, orderOf(id));
  await expect.poll(() => mailsTo(id).length, { timeout: 60_000, interval: 20 }).toBeGreaterThan(1);
  smtp.script.afterDot = '250 taken';
  await closesAs(id, { state: 'done', attempt: 1 });
  expect(new Set(mailsTo(id)).size).toBe(1);
});

it('a worker that is stopped in the middle of a mail and goes on once another has sent it sends none', PATIENT, async () => {
  const id = randomUUID();
  const stopped = mailWay.watch(`RCPT TO:<${id}@example.com>`).then(() => process.kill(worker.pid, 'SIGSTOP'));
  try {
    await system.post(ingress, orderOf(id));
    await stopped;
    temporalWay.cut(); // or Temporal would go on handing it tasks for the minute that its polls stay open
    await system.startWorker({ smtpUrl: smtp.url });
    await closesAs(id, { state: 'done', attempt: 1 });
    expect(mailsTo(id)).toHaveLength(1);
  } finally {
    process.kill(worker.pid, 'SIGCONT');
  }
  const late = () => worker.lines.find(({ msg, event_id, action }) => msg === 'step' && event_id === id && action === MAIL_ACTION);
  await expect.poll(late).toMatchObject({ outcome: 'failed' });
  expect(mailsTo(id)).toHaveLength(1);
  expect(await system.effects(id)).toContain(`${MAIL_ACTION} done 0`);
});

it.each([
  ['when it should greet', 'greeting', 'no'],
  ['when it is told of a recipient', 'recipient', 'no'],
  ['after the final dot', 'dot', 'unknown'],
] as const)(
  'a server that is silent %s is given up, and it is said whether the mail may have gone out',
  PATIENT,
  async (_when, at, happened) => {
    expect(await silences.get(at)).toMatchObject({ code: 'mail.unavailable', happened });
  },
);

/** Sends a mail to a server that says nothing more from a point on; what it fails with. */
async function sendToSilentServer(at: 'greeting' | 'recipient' | 'dot'): Promise<unknown> {
  const mute = at === 'greeting' ? await startMute() : undefined;
  const scripted = await startScriptedSmtp(at === 'recipient' ? { thinkMs: FOR_EVER_MS } : {});
  try {
    const mailer = createMailer({
      smtpUrl: `smtp://127.0.0.1:${(mute ?? scripted).port}`,
      from: 'Shop <shop@example.com>',
      messageIdDomain: 'example.com',
      render: createMailTemplates(),
    });
    const sent = mailer.send({
      to: 'ada@example.com',
      template: 'welcome',
      variables: { user: { name: 'Ada' } },
      key: at,
      date: new Date('2026-01-01T00:00:00Z'),
      onSending: async () => void (scripted.script.thinkMs = FOR_EVER_MS),
      signal: new AbortController().signal,
    });
    return await Promise.race([
      sent.catch((error: unknown) => error),
      sleep(LONGEST_DEADLINE_MS, 'the mailer still waits', { ref: false }),
    ]);
  } finally {
    await Promise.all([scripted.close(), mute?.close()]);
  }
}

/** A server that takes connections and says nothing at all. */
async function startMute(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0, close: async () => void server.close() };
}
