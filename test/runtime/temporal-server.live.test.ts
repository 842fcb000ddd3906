import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { tsToMs } from '@temporalio/common/lib/time.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { SEARCH_ATTRIBUTES, TASK_QUEUE } from '../../src/contracts/names.ts';
import { stopChild } from '../../src/runtime/child.ts';
import { findTemporalCli } from '../../src/runtime/find-temporal-cli.ts';
import { freePort } from '../../src/runtime/free-port.ts';
import { processStartTime, readLive } from '../../src/runtime/pid-file.ts';
import { createTemporalClient, type TemporalClient } from '../../src/runtime/temporal-client.ts';
import { startTemporal, type StartTemporalOptions, type TemporalServer } from '../../src/runtime/temporal-server.ts';
import { silentLog } from '../support/silent-log.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let cli: string;
let dataDir: string;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  cli = (await findTemporalCli({ env: process.env, progress: () => {} })).path;
});

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'hookline-temporal-'));
});

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(options: Partial<StartTemporalOptions> = {}): Promise<TemporalServer> {
  const server = await startTemporal({ cli, dataDir, headless: true, log: silentLog, ...options });
  open.push(server);
  return server;
}

function clientOf({ address }: { readonly address: string }): TemporalClient {
  const client = createTemporalClient({ address });
  open.push(client);
  return client;
}

async function startRun({ client }: TemporalClient, workflowId: string): Promise<void> {
  await client.workflow.start('some-chain', {
    workflowId,
    taskQueue: TASK_QUEUE,
    searchAttributes: { [SEARCH_ATTRIBUTES.source]: ['shop'] },
  });
}

describe('startTemporal', () => {
  it('is ready within seconds: it takes starts, with our search attributes and a retention of a week', async () => {
    const startedAt = performance.now();
    const server = await start();
    expect(performance.now() - startedAt).toBeLessThan(5_000);

    const temporal = clientOf(server);
    await startRun(temporal, 'shop.1');
    const { config } = await temporal.connection.workflowService.describeNamespace({ namespace: 'default' });
    expect(tsToMs(config?.workflowExecutionRetentionTtl)).toBe(7 * DAY_MS);
    const { customAttributes } = await temporal.connection.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.values(SEARCH_ATTRIBUTES)));
    expect(server.uiUrl).toBeNull();
    expect(server.version).toMatch(/^1\.\d+\.\d+$/);
  });

  it('serves the UI on loopback', async () => {
    const server = await start({ headless: false });
    expect(server.uiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    await vi.waitFor(async () => expect((await fetch(String(server.uiUrl))).status).toBe(200), { timeout: 10_000 });
  });

  it('keeps runs over a stop and a start, and leaves no process and no pid file', async () => {
    const first = await start();
    await startRun(clientOf(first), 'shop.2');
    await first.close();
    expect(await processStartTime(first.pid)).toBeNull();
    expect(await readLive(join(dataDir, 'temporal.pid'))).toBeNull();

    const second = await start();
    const run = await clientOf(second).client.workflow.getHandle('shop.2').describe();
    expect(run.status.name).toBe('RUNNING');
  });

  it('tells when the server ends by itself, and loses nothing that it had acknowledged', async () => {
    const { promise, resolve } = withResolvers<string>();
    const first = await start({ onExit: resolve });
    await startRun(clientOf(first), 'shop.3');
    process.kill(first.pid, 'SIGKILL');
    expect(await promise).toBe('ended with SIGKILL');

    const second = await start();
    expect((await clientOf(second).client.workflow.getHandle('shop.3').describe()).status.name).toBe('RUNNING');
  });

  it('stops a server that an earlier process has left on the same folder', async () => {
    const { promise, resolve } = withResolvers<string>();
    const first = await start({ onExit: resolve });
    const second = await start();
    expect(second.pid).not.toBe(first.pid);
    await promise;
    expect(await processStartTime(first.pid)).toBeNull();
  });

  it('gives a database of an older start the search attributes and the retention that it lacks', async () => {
    const port = await freePort();
    const bare = spawn(
      cli,
      ['server', 'start-dev', '--headless', '--port', String(port), '--db-filename', join(dataDir, 'temporal.db'), '--log-level', 'never'],
      { stdio: 'ignore' },
    );
    const before = clientOf({ address: `127.0.0.1:${port}` });
    const { customAttributes } = await vi.waitFor(() => before.connection.operatorService.listSearchAttributes({ namespace: 'default' }), {
      timeout: 20_000,
    });
    expect(Object.keys(customAttributes)).not.toContain(SEARCH_ATTRIBUTES.source);
    await stopChild(bare, { timeoutMs: 5_000 });

    const temporal = clientOf(await start({ retentionDays: 9 }));
    await startRun(temporal, 'shop.4');
    const { config } = await temporal.connection.workflowService.describeNamespace({ namespace: 'default' });
    expect(tsToMs(config?.workflowExecutionRetentionTtl)).toBe(9 * DAY_MS);
  });

  it('never shortens a retention', async () => {
    await (await start({ retentionDays: 30 })).close();
    const temporal = clientOf(await start({ retentionDays: 7 }));
    const { config } = await temporal.connection.workflowService.describeNamespace({ namespace: 'default' });
    expect(tsToMs(config?.workflowExecutionRetentionTtl)).toBe(30 * DAY_MS);
  });

  it('needs no home folder, and heeds no settings of Temporal in the environment', async () => {
    vi.stubEnv('HOME', '/nonexistent');
    vi.stubEnv('TEMPORAL_ADDRESS', 'nowhere.invalid:1');
    vi.stubEnv('TEMPORAL_TLS', 'true');
    const temporal = clientOf(await start());
    vi.unstubAllEnvs();
    await expect(startRun(temporal, 'shop.5')).resolves.toBeUndefined();
  });

  it('refuses a given port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number }; // a TCP server has this form of address
    await expect(start({ port })).rejects.toMatchObject({ code: 'stack.portTaken' });
    other.close();
  });

  it('says why a server does not start', async () => {
    await writeFile(join(dataDir, 'temporal.db'), 'this is no database '.repeat(1000));
    const starting = start();
    await expect(starting).rejects.toMatchObject({ code: 'temporal.startFailed' });
    await expect(starting).rejects.toThrow(/the server ended with 1: .*not a database/);
    expect(await readFile(join(dataDir, 'temporal.log'), 'utf8')).toContain('not a database');
  });
});

function withResolvers<Value>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((settle) => (resolve = settle));
  return { promise, resolve };
}

afterAll(() => vi.unstubAllEnvs());
