import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createTemporalClient } from '../../src/runtime/temporal-client.ts';
import { createPool, type Pool } from '../../src/store/pool.ts';
import { clearSwitch, setSwitch } from '../../src/store/switches.ts';
import { createCertificates } from '../support/certificates.ts';
import { silentLog } from '../support/silent-log.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { linesOf, runCli, type CliResult } from './run-cli.ts';

let cwd: string;
let database: TestDatabase;
let namespace: string;
let env: Readonly<Record<string, string>>;
const call = (...args: readonly string[]): Promise<CliResult> => runCli(args, { cwd, env });
const json = async (...args: readonly string[]) => {
  const { code, stdout } = await call(...args, '--json');
  return { code, document: linesOf(stdout)[0] };
};
/** What `doctor` finds, by check. */
const examine = async (): Promise<{ readonly code: number | null; readonly levels: Readonly<Record<string, string>> }> => {
  const { code, document } = await json('doctor');
  const { findings } = document as { readonly findings: readonly { readonly check: string; readonly level: string }[] }; // asserted by the callers
  return { code, levels: Object.fromEntries(findings.map(({ check, level }) => [check, level])) };
};

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'hookline-doctor-'));
  namespace = `doctor-${randomBytes(6).toString('hex')}`;
  env = { DATABASE_URL: database.url, TEMPORAL_ADDRESS: inject('temporalAddress'), TEMPORAL_NAMESPACE: namespace };
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe('setup', () => {
  test('makes a namespace with retention and search attributes, which `doctor` then finds; and may be run again', async () => {
    expect((await examine()).levels).toMatchObject({ postgres: 'ok', durability: 'ok', schema: 'ok', clock: 'ok', temporal: 'fail' });
    expect(await json('setup')).toMatchObject({ code: 0, document: { migrations: [], temporal: { namespace, made: true } } });
    const { code, levels } = await examine();
    expect(levels).toMatchObject({ temporal: 'ok', retention: 'ok', 'search attributes': 'ok', worker: 'fail', effects: 'ok', runs: 'ok' });
    expect(code).toBe(1); // no worker runs
    expect(await json('setup')).toMatchObject({ code: 0, document: { migrations: [], temporal: { made: false } } });
  });

  test('raises a retention that is too short, which `doctor` fails', async () => {
    const temporal = createTemporalClient({ address: inject('temporalAddress'), namespace });
    try {
      await temporal.connection.workflowService.registerNamespace({
        namespace,
        workflowExecutionRetentionPeriod: { seconds: 86_400 as never }, // a Long to the types; the wire takes a number
      });
      await expect
        .poll(async () => (await examine()).levels, { timeout: 20_000 })
        .toMatchObject({ retention: 'fail', 'search attributes': 'warn' });
    } finally {
      await temporal.close();
    }
    expect((await call('setup')).code).toBe(0);
    expect((await examine()).levels).toMatchObject({ retention: 'ok', 'search attributes': 'ok' });
  });

  test('brings an empty database to the newest schema, which `doctor` fails before', async () => {
    const empty = `empty_${randomBytes(6).toString('hex')}`;
    const admin = createPool({ url: database.url, max: 1, applicationName: 'hookline-test', log: silentLog });
    const run = (pool: Pool, sql: string) => pool.session((session) => session.run(sql));
    try {
      await run(admin, `CREATE DATABASE ${empty}`);
      const url = new URL(database.url);
      url.pathname = `/${empty}`;
      env = { ...env, DATABASE_URL: url.href };
      expect((await examine()).levels).toMatchObject({ postgres: 'ok', schema: 'fail' });
      expect((await call('setup')).stdout).toContain('PostgreSQL: applied migrations 1, ');
      expect((await examine()).levels).toMatchObject({ schema: 'ok', effects: 'ok' });
    } finally {
      await run(admin, `DROP DATABASE IF EXISTS ${empty} WITH (FORCE)`);
      await admin.close();
    }
  });
});

describe('doctor', () => {
  test('fails a PostgreSQL that acknowledges before it has flushed', async () => {
    const url = new URL(database.url);
    url.searchParams.set('options', '-c synchronous_commit=off');
    env = { ...env, DATABASE_URL: url.href };
    const { code, stdout } = await call('doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(/fail {2}durability +synchronous_commit off: .*\n +fix: `ALTER SYSTEM SET synchronous_commit = on`/);
  });

  test('fails servers that cannot be reached, each by itself, and goes on', async () => {
    env = { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none', TEMPORAL_ADDRESS: '127.0.0.1:9' };
    expect(await examine()).toMatchObject({ code: 1, levels: { settings: 'ok', secrets: 'ok', postgres: 'fail', temporal: 'fail' } });
  });

  test('tells everything that is wrong with the settings', async () => {
    await writeFile(join(cwd, 'hookline.yaml'), 'sources: { shop: { provider: shopfy, secrets: [abc] } }\n');
    const { code, stdout } = await call('doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^fail {2}settings +settings\.\w+: .*; settings\.\w+: /);
  });

  test('tells what is held and paused, how it goes on, and what stands between senders and us', async () => {
    const certificates = await createCertificates();
    try {
      const { cert, key } = await certificates.make({ hosts: ['hooks.example'], days: 10 });
      await writeFile(
        join(cwd, 'hookline.yaml'),
        `publicUrl: https://other.example\ningress: { tls: { cert: ${cert}, key: ${key} } }\nadmin: { trustProxy: 0.0.0.0/0 }\n`,
      );
      await setSwitch(database.pool, { verb: 'hold', kind: 'all', name: '*' }, { by: 'anna', reason: 'restored' });
      await setSwitch(database.pool, { verb: 'pause', kind: 'agent', name: 'email' }, { by: 'ben', reason: null });
      const { code, stdout } = await call('doctor');
      expect(code).toBe(1);
      expect(stdout).toMatch(
        /^warn {2}switches +everything is held since \S+Z by anna: restored\n +fix: `hookline release --all` when it may go on$/m,
      );
      expect(stdout).toMatch(
        /^warn {2}switches +agent `email` is paused since \S+Z by ben\n +fix: `hookline resume agent email` when it may go on$/m,
      );
      expect(stdout).toMatch(/^warn {2}tls +the certificate is valid for (?:9|10) more days\n +fix: renew it/m);
      expect(stdout).toMatch(/^fail {2}tls name +the certificate does not name `other\.example`/m);
      expect(stdout).toMatch(/^fail {2}proxies +`0\.0\.0\.0\/0` in `admin\.trustProxy`/m);
      expect(stdout).toMatch(/^ok {4}public url +https:\/\/other\.example$/m);
      expect(stdout).toMatch(/^info {2}alerts +nobody is told/m);
    } finally {
      await clearSwitch(database.pool, { verb: 'hold', kind: 'all', name: '*' });
      await clearSwitch(database.pool, { verb: 'pause', kind: 'agent', name: 'email' });
      await certificates.close();
    }
    expect((await examine()).levels).toMatchObject({ switches: 'ok' });
  });
});
