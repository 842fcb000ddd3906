import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTemporalCli } from '../../src/runtime/find-temporal-cli.ts';
import { freePort } from '../../src/runtime/free-port.ts';
import { createTemporalClient } from '../../src/runtime/temporal-client.ts';
import { registerNamespace } from '../../src/runtime/temporal-namespace.ts';
import { startTemporal, type TemporalServer } from '../../src/runtime/temporal-server.ts';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.ts';
import { silentLog } from '../support/silent-log.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

let folder: string;
let cli: string;
let port: number;
let server: TemporalServer;
let smtp: ScriptedSmtp;
let system: System;
let ingress: HooklineProcess;

const startServer = async (): Promise<void> => {
  server = await startTemporal({ cli, dataDir: folder, port, headless: true, log: silentLog });
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-outage-'));
  cli = (await findTemporalCli({ env: process.env, progress: () => {} })).path;
  port = await freePort();
  await startServer();
  smtp = await startScriptedSmtp();
  system = await startSystem({ temporalAddress: server.address });
  [ingress] = await Promise.all([system.startIngress(), system.startWorker({ smtpUrl: smtp.url })]);
});
afterAll(async () => {
  await system.close();
  await server.close();
  await smtp.close();
  await rm(folder, { recursive: true, force: true });
});

/** Posts each until it is acknowledged, as a provider does: a busy machine may answer 503 meanwhile. */
const postAll = async (ids: readonly string[]): Promise<void> => {
  const insist = async (body: object): Promise<void> => {
    while ((await system.post(ingress, body)).status !== 200) await sleep(100);
  };
  await Promise.all(ids.map((id) => insist(orderOf(id))));
};
const mailsTo = (ids: readonly string[]): readonly number[] =>
  ids.map((id) => smtp.received.filter((message) => message.includes(`To: ${id}@example.com`)).length);
const doneOf = async (ids: readonly string[]): Promise<number> =>
  (await system.runs()).filter(({ event_id, state }) => state === 'done' && ids.includes(event_id)).length;

describe('Temporal is down', () => {
  it('accepts 200 events meanwhile, and finishes 200 chains by itself when it is back, each effect once', async () => {
    await server.close();
    const ids = Array.from({ length: 200 }, (): string => randomUUID());
    await postAll(ids);
    expect(new Set((await system.runs()).map(({ state }) => state))).toEqual(new Set(['pending']));

    await startServer();
    await expect.poll(() => doneOf(ids), { timeout: 180_000, interval: 200 }).toBe(200);
    expect(mailsTo(ids)).toEqual(ids.map(() => 1));
    expect(new Set(system.warehouse.orders().map(({ id }) => id)).size).toBe(system.warehouse.orders().length);
    expect(system.warehouse.orders()).toHaveLength(200);
  }, 300_000);
});

describe('Temporal has lost its data', () => {
  it('starts unfinished runs again, and repeats nothing that was done', async () => {
    const finished = randomUUID();
    await postAll([finished]);
    await expect.poll(() => doneOf([finished]), { timeout: 60_000 }).toBe(1);
    const ids = Array.from({ length: 5 }, (): string => randomUUID());
    smtp.script.atRecipient = '450 later';
    await postAll(ids);
    await expect
      .poll(async () => (await system.runs()).filter(({ event_id, state }) => state === 'started' && ids.includes(event_id)).length, {
        timeout: 60_000,
      })
      .toBe(5);
    await expect
      .poll(async () => Promise.all(ids.map(async (id) => (await system.effects(id)).includes('inventory.reserve done 0'))), {
        timeout: 60_000,
      })
      .toEqual(ids.map(() => true));
    const stock = await system.stockOf('MUG');

    await server.close();
    await rm(folder, { recursive: true, force: true });
    await startServer();
    const { connection, close } = createTemporalClient({ address: server.address, namespace: system.namespace });
    await registerNamespace({ connection, namespace: system.namespace, retentionDays: 7 });
    await close();
    smtp.script.atRecipient = '250 ok';

    await expect
      .poll(async () => (await system.runs()).filter(({ event_id }) => ids.includes(event_id)).map(({ state, code }) => code ?? state), {
        timeout: 120_000,
        interval: 200,
      })
      .toEqual(ids.map(() => 'done'));
    expect(mailsTo(ids)).toEqual(ids.map(() => 1));
    expect(await system.stockOf('MUG')).toBe(stock);
    expect((await system.runs()).filter(({ event_id }) => ids.includes(event_id)).map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1]);
    expect(await Promise.all(ids.map((id) => system.effects(id)))).toEqual(
      ids.map(() => [
        'analytics.record done 0',
        'email.sendOrderConfirmation done 0',
        'fulfilment.notifyWarehouse done 0',
        'inventory.reserve done 0',
      ]),
    );

    // what Temporal does not remember our own rows do
    expect(await system.post(ingress, orderOf(finished))).toMatchObject({ status: 200, body: { status: 'duplicate' } });
    expect((await system.runs()).find(({ event_id }) => event_id === finished)).toMatchObject({ state: 'done', attempt: 1 });
    expect(mailsTo([finished])).toEqual([1]);
  }, 300_000);
});
