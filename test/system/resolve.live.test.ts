import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { linesOf, runCli, type CliResult } from '../cli/run-cli.ts';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

const ACTION = 'email.sendOrderConfirmation';

let system: System;
let smtp: ScriptedSmtp;
let ingress: HooklineProcess;
let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'hookline-resolve-'));
  smtp = await startScriptedSmtp();
  system = await startSystem();
  [ingress] = await Promise.all([system.startIngress(), system.startWorker({ smtpUrl: smtp.url })]);
});
beforeEach(() => {
  smtp.script.afterDot = 'drop';
});
afterAll(async () => {
  await system.close();
  await smtp.close();
  await rm(cwd, { recursive: true, force: true });
});

const call = (...args: readonly string[]): Promise<CliResult> => runCli(args, { cwd, env: { DATABASE_URL: system.database.url } });
const mailsTo = (id: string): number => smtp.received.filter((message) => message.includes(`To: ${id}@example.com`)).length;
const closesAs = (id: string, expected: object) =>
  expect
    .poll(async () => (await system.runs()).find(({ event_id }) => event_id === id), { timeout: 40_000, interval: 100 })
    .toMatchObject(expected);
/** An order whose mail is taken by a server that ends the connection in place of an answer. */
const failUnknown = async (): Promise<string> => {
  const id = randomUUID();
  await system.post(ingress, orderOf(id));
  await closesAs(id, { state: 'failed', code: 'effect.unknown', attempt: 1 });
  expect(mailsTo(id)).toBe(1);
  smtp.script.afterDot = '250 taken';
  return id;
};
const effectOf = async (id: string) => {
  const { effects } = linesOf((await call('events', id, '--json')).stdout)[0] as {
    readonly effects: readonly { readonly action: string }[];
  }; // asserted by the caller
  return effects.filter(({ action }) => action === ACTION);
};

describe('a mail of which nobody knows whether it has gone out', () => {
  it('counts as sent when a person says so: the run goes on and ends, and no second mail goes out', async () => {
    const id = await failUnknown();
    const list = linesOf((await call('effects', '--state', 'unknown', '--json')).stdout)[0];
    expect(list).toMatchObject({ effects: [{ eventId: id, action: ACTION, state: 'unknown', sends: 1 }] });
    const resolved = await call('resolve', id, ACTION, '--sent', '--yes', '--json');
    expect({ code: resolved.code, lines: linesOf(resolved.stdout) }).toMatchObject({
      code: 0,
      lines: [{ did: 'sent', runs: [{ chain: 'new-order', attempt: 2 }] }],
    });
    await closesAs(id, { state: 'done', attempt: 2 });
    expect(mailsTo(id)).toBe(1);
    expect(await effectOf(id)).toEqual([
      expect.objectContaining({ state: 'done', sends: 1, detail: expect.stringContaining('resolved by an operator') as string }),
    ]);
    expect(await call('resolve', id, ACTION, '--sent', '--yes')).toMatchObject({
      code: 1,
      stdout: `erp ${id}: ${ACTION} nothing to do: it is done\n`,
    });
  });

  it('is sent a second time when a person wants that, and the row says so', async () => {
    const id = await failUnknown();
    const asked = await call('resolve', id, ACTION, '--send-again');
    expect(asked).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('it happens twice') as string });
    expect((await call('resolve', id, ACTION, '--send-again', '--yes')).code).toBe(0);
    await closesAs(id, { state: 'done', attempt: 2 });
    expect(mailsTo(id)).toBe(2);
    expect(await effectOf(id)).toEqual([expect.objectContaining({ state: 'done', sends: 2 })]);
  });

  it('stays unknown where the command line says neither, or both', async () => {
    const id = await failUnknown();
    for (const flags of [[], ['--sent', '--send-again']])
      expect(await call('resolve', id, ACTION, ...flags, '--yes')).toMatchObject({ code: 2, stdout: '' });
    expect(await call('resolve', id, 'email.sendNothing', '--sent', '--yes')).toMatchObject({ code: 3 });
    expect(await effectOf(id)).toEqual([expect.objectContaining({ state: 'unknown', sends: 1 })]);
  });
});
