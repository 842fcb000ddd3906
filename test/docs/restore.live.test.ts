import { cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linesOf, runCli, startCli, type RunningCli } from '../cli/run-cli.ts';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.ts';

const OLD_SECRET = '7d1f0c52b9a84e3fa6c1d20b5e87f493';
const NEW_SECRET = 'f3b0a6c1d29e47b58c7d0e1f2a3b4c5d';

// The incident of docs/operations.md, "How do I restore from a backup?", and on the way "How do I rotate a secret?": one mail waits
// when the backup is taken, and goes out after it.
let smtp: ScriptedSmtp;
let cwd: string;
let up: RunningCli;
const json = async (...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> =>
  linesOf((await runCli([...args, '--json'], { cwd })).stdout)[0] ?? {};
const start = async (...options: readonly string[]): Promise<Readonly<Record<string, unknown>>> => {
  up = startCli(['up', '--any-ports', '--json', ...options], { cwd });
  return linesOf(await up.firstLine)[0] ?? {};
};
const writeSettings = (secrets: readonly string[]): Promise<void> =>
  writeFile(
    join(cwd, 'hookline.yaml'),
    `sources: { shopify: { provider: shopify, secrets: ${JSON.stringify(secrets)} } }\nmail: { smtp: '${smtp.url}', from: 'Shop <shop@example.com>', messageIdDomain: example.com }\n`,
  );

beforeAll(async () => {
  smtp = await startScriptedSmtp();
  cwd = await mkdtemp(join(tmpdir(), 'hookline-restore-'));
  await writeSettings([OLD_SECRET]);
});
afterAll(async () => {
  await up.signal('SIGINT');
  await smtp.close();
  await rm(cwd, { recursive: true, force: true });
});

describe('a database that was set back', { timeout: 120_000 }, () => {
  let waiting: string;
  let facts: Readonly<Record<string, unknown>>;

  test('had a mail waiting when it was backed up, which went out afterwards', async () => {
    await start();
    await json('pause', 'agent', 'email');
    waiting = String((await json('trigger', 'shopify', 'orders/create'))['eventId']);
    await expect.poll(() => json('runs', '--state', 'started'), { timeout: 20_000 }).toMatchObject({ runs: [{ eventId: waiting }] });
    await up.signal('SIGINT');
    await cp(join(cwd, '.hookline'), join(cwd, 'backup'), { recursive: true });

    await start();
    await json('resume', 'agent', 'email');
    await expect.poll(() => smtp.received.length, { timeout: 40_000, interval: 100 }).toBe(1);
    await up.signal('SIGINT');
    await rm(join(cwd, '.hookline'), { recursive: true });
    await rename(join(cwd, 'backup'), join(cwd, '.hookline'));
  });

  test('starts held: webhooks are taken, by a new secret too, and nothing runs', async () => {
    await writeSettings([NEW_SECRET, OLD_SECRET]);
    facts = await start('--hold');
    expect(facts).toMatchObject({ held: true });
    await json('resume', 'agent', 'email');

    expect(await json('trigger', 'shopify', 'orders/create')).toMatchObject({ httpStatus: 200, status: 'held' });
    const { deliveries } = await json('deliveries', '--limit', '1');
    const [{ id }] = deliveries as [{ readonly id: string }]; // the one that was just sent
    expect(await json('deliveries', id)).toMatchObject({ delivery: { secretIndex: 0 } });
    expect(await json('why', waiting)).toMatchObject({ explanations: [{ verdict: 'paused' }] });
    expect(await json('doctor')).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ check: 'switches', level: 'warn' })]) as unknown,
    });
    expect(smtp.received).toHaveLength(1);
  });

  test('goes on once it is released, and does not do again what an operator has stopped', async () => {
    const { runs } = await json('runs', '--state', 'started');
    const [{ workflowId }] = runs as [{ readonly workflowId: string }]; // the one that waits
    const connection = await Connection.connect({ address: String(facts['temporalAddress']) });
    await new Client({ connection, namespace: String(facts['temporalNamespace']) }).workflow
      .getHandle(workflowId)
      .terminate('the mail went out after the backup');
    await connection.close();
    await expect.poll(() => json('runs', '--state', 'stopped'), { timeout: 20_000 }).toMatchObject({ runs: [{ eventId: waiting }] });

    await json('release', '--all');
    await expect.poll(() => json('runs', '--state', 'done'), { timeout: 20_000 }).toMatchObject({ runs: [{ chain: 'new-order' }] });
    expect(smtp.received).toHaveLength(2);
    expect(await json('runs', '--state', 'stopped')).toMatchObject({ runs: [{ eventId: waiting, code: 'run.terminated' }] });
  });
});
