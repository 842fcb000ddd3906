import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readlink, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../../src/runtime/embedded-postgres.ts';
import type { EmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts';
import { freePort } from '../../src/runtime/free-port.ts';
import { createPool } from '../../src/store/pool.ts';
import { silentLog } from '../support/silent-log.ts';

describe('the embedded PostgreSQL', () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'hookline-postgres-')); // mode 0700: no other user can enter it
  });
  afterAll(() => rm(root, { recursive: true }));

  const folder = () => mkdtemp(join(root, 'a folder '));
  const using = async <Result>(dataDir: string, use: (postgres: EmbeddedPostgres) => Promise<Result>, port?: number): Promise<Result> => {
    const postgres = await startPostgres({ dataDir, port, log: silentLog });
    try {
      return await use(postgres);
    } finally {
      await postgres.close();
    }
  };
  const ask = async (url: string, text: string): Promise<readonly unknown[]> => {
    const pool = createPool({ url, max: 1, applicationName: 'hookline-test', log: silentLog });
    try {
      return (await pool.query<unknown>({ name: 'test.ask', text })).rows;
    } finally {
      await pool.close();
    }
  };
  const run = async (url: string, sql: string): Promise<void> => {
    const pool = createPool({ url, max: 1, applicationName: 'hookline-test', log: silentLog });
    try {
      await pool.session((session) => session.run(sql));
    } finally {
      await pool.close();
    }
  };

  test('has data on disk before a commit returns, on loopback, in UTF-8', async () => {
    await using(await folder(), async ({ url }) => {
      const settings = [
        'fsync',
        'synchronous_commit',
        'full_page_writes',
        'listen_addresses',
        'unix_socket_directories',
        'server_encoding',
        'password_encryption',
        'data_checksums',
      ];
      const rows = await Promise.all(settings.map((name) => ask(url, `SELECT current_setting('${name}') AS value`)));
      expect(rows.flat()).toEqual(['on', 'on', 'on', '127.0.0.1', '', 'UTF8', 'scram-sha-256', 'on'].map((value) => ({ value })));
    });
  });

  test('keeps its data and its password over a restart, and ends when it is closed', async () => {
    const dataDir = await folder();
    const first = await using(dataDir, async (postgres) => {
      await run(postgres.url, 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)');
      return postgres;
    });
    expect(() => process.kill(first.pid, 0)).toThrow('ESRCH');
    expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
    await using(dataDir, async ({ url }) => {
      expect(new URL(url).password).toBe(new URL(first.url).password);
      expect(await ask(url, 'SELECT id FROM kept')).toEqual([{ id: 7 }]);
    });
  });

  test('lets nobody in without its password', async () => {
    await using(await folder(), async ({ url }) => {
      const wrong = new URL(url);
      wrong.password = 'wrong';
      await expect(ask(wrong.href, 'SELECT 1')).rejects.toMatchObject({ code: 'postgres.unavailable', cause: { code: '28P01' } });
    });
  });

  test.runIf(process.platform === 'linux')('tells the pid of the server itself', async () => {
    const dataDir = await folder();
    await using(dataDir, async ({ pid }) => {
      expect(await readlink(`/proc/${pid}/exe`)).toMatch(/\/postgres$/);
      expect(await readlink(`/proc/${pid}/cwd`)).toBe(await realpath(join(dataDir, 'cluster')));
    });
  });

  test('stops a server that an earlier process has left on the folder', async () => {
    const dataDir = await folder();
    const left = await startPostgres({ dataDir, log: silentLog });
    await run(left.url, 'CREATE TABLE kept (id int)');
    await using(dataDir, async (postgres) => {
      await left.died;
      expect(postgres.pid).not.toBe(left.pid);
      expect(await ask(postgres.url, 'SELECT id FROM kept')).toEqual([]);
    });
  });

  test('starts after it was killed, even when its pid belongs to somebody else by then', async () => {
    const dataDir = await folder();
    const killed = await startPostgres({ dataDir, log: silentLog });
    await run(killed.url, 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)');
    process.kill(killed.pid, 'SIGKILL');
    await killed.died;
    const pidFile = join(dataDir, 'cluster', 'postmaster.pid');
    const lines = (await readFile(pidFile, 'utf8')).split('\n');
    await writeFile(pidFile, [String(process.ppid), ...lines.slice(1)].join('\n'));
    await using(dataDir, async ({ url }) => {
      expect(await ask(url, 'SELECT id FROM kept')).toEqual([{ id: 7 }]);
    });
    process.kill(process.ppid, 0); // throws if it is gone
  });

  test('makes a cluster anew that was left half-made', async () => {
    const dataDir = await folder();
    await mkdir(join(dataDir, 'cluster.unfinished', 'base'), { recursive: true });
    await using(dataDir, async ({ url }) => {
      expect(await ask(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    });
    await expect(stat(join(dataDir, 'cluster.unfinished'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('takes the port that is given, and refuses one that is taken', async () => {
    const dataDir = await folder();
    const port = await freePort();
    await using(dataDir, async (postgres) => expect(postgres.port).toBe(port), port);
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    await expect(startPostgres({ dataDir, port, log: silentLog })).rejects.toMatchObject({ code: 'stack.portTaken' });
    other.close();
    await once(other, 'close');
  });

  test('says what the server said when it does not start', async () => {
    const dataDir = await folder();
    await using(dataDir, async () => {});
    await writeFile(join(dataDir, 'cluster', 'PG_VERSION'), '9\n');
    const starting = startPostgres({ dataDir, log: silentLog });
    await expect(starting).rejects.toMatchObject({ code: 'postgres.startFailed' });
    await expect(starting).rejects.toThrow(/incompatible with server[\s\S]*initialized by PostgreSQL version 9/);
  });
});
