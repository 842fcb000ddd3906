import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Log } from '../../src/contracts/names.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { Session } from '../../src/store/pool.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';

const PROCESS = fileURLToPath(new URL('../support/previous-schema/migrate-process.ts', import.meta.url));

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await createDatabase();
  folder = await mkdtemp(join(tmpdir(), 'hookline-migrations-'));
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const files = async (sql: Readonly<Record<string, string>>): Promise<URL> => {
  const at = await mkdtemp(join(folder, 'case-'));
  for (const [name, text] of Object.entries(sql)) await writeFile(join(at, name), text);
  return pathToFileURL(`${at}/`);
};
const run = (at: URL, log: Log = silentLog) => migrate({ pool: database.pool, log, folder: at, lockTimeoutMs: 100, pauseMs: 100 });
const ask = async <Row>(text: string): Promise<readonly Row[]> => database.pool.session(async (session) => askOn<Row>(session, text));
const askOn = async <Row>(session: Session, text: string): Promise<readonly Row[]> =>
  (await session.query<Row>({ name: `test.${Buffer.from(text).toString('base64url').slice(0, 50)}`, text })).rows;
const isThere = async (table: string): Promise<boolean> =>
  (await ask<{ readonly there: boolean }>(`SELECT to_regclass('${table}') IS NOT NULL AS there`))[0]?.there === true;

/** Runs `use` while another connection holds a transaction open in which it has done something. */
async function during<Result>(sql: string, use: (end: () => Promise<void>) => Promise<Result>): Promise<Result> {
  return database.pool.session(async (session) => {
    await session.run(`BEGIN; ${sql}`);
    let ended = false;
    const end = async (): Promise<void> => {
      if (!ended) await session.run('COMMIT');
      ended = true;
    };
    try {
      return await use(end);
    } finally {
      await end();
    }
  });
}

/** Resolves with the first line of a log that has this message. */
function logUntil(message: string): { readonly log: Log; readonly said: Promise<object> } {
  let tell: (fields: object) => void = () => {};
  const said = new Promise<object>((resolve) => {
    tell = resolve;
  });
  const listen = (fields: object, text: string): void => void (text === message && tell(fields));
  return { log: { ...silentLog, info: listen, warn: listen }, said };
}

/** Kills a process that migrates as soon as its connection waits for this. */
async function killWhen(at: URL, event: string): Promise<void> {
  const name = 'hookline-killed';
  const child = spawn(process.execPath, [PROCESS, database.url, fileURLToPath(at), name], { stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = once(child, 'exit');
  const waits = `SELECT FROM pg_stat_activity WHERE application_name = '${name}' AND lower(wait_event) = '${event}'`;
  await expect.poll(async () => (await ask(waits)).length, { timeout: 20_000, interval: 50 }).toBe(1);
  child.kill('SIGKILL');
  await gone;
}

describe('migrate', () => {
  test('changes nothing where the schema is up to date', async () => {
    expect(await migrate({ pool: database.pool, log: silentLog })).toEqual([]);
  });

  test('applies each file once when several processes start together', async () => {
    const at = await files({ '9001-second.sql': 'CREATE TABLE second (id int)', 'notes.txt': 'not SQL' });
    const applied = await Promise.all([1, 2, 3, 4].map(() => run(at)));
    expect(applied.flat()).toEqual([9001]);
  });

  test('keeps what earlier files have done when one fails, nothing of that one, and goes on from there', async () => {
    const wrong = {
      '9001-second.sql': 'CREATE TABLE second (id int)',
      '9002-third.sql': 'CREATE TABLE third (id int); CREATE TABEL fourth ()',
    };
    await expect(run(await files(wrong))).rejects.toThrow('syntax error');
    expect([await isThere('second'), await isThere('third')]).toEqual([true, false]);
    expect(await run(await files({ ...wrong, '9002-third.sql': 'CREATE TABLE third (id int)' }))).toEqual([9002]);
  });

  test('leaves its connection as it was', async () => {
    await run(await files({ '9001-second.sql': 'CREATE TABLE second (id int)' }));
    const settings = await ask(
      `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock, current_setting('client_connection_check_interval') AS look`,
    );
    expect(settings).toEqual([{ statement: '10s', lock: '0', look: '0' }]);
    expect(
      await ask(
        "SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      ),
    ).toEqual([]);
  });
});

describe('migrate on a schema that is newer than the code', () => {
  test('refuses it', async () => {
    const at = await files({ '0001-first.sql': '' });
    await expect(run(at)).rejects.toMatchObject({ code: 'postgres.schemaNewer' });
  });

  test('goes on where every file that the code does not know is marked as additive, and says so', async () => {
    await run(await files({ '9001-second.sql': '', '9002-third.sql': '-- additive\nCREATE TABLE third (id int)' }));
    const { log, said } = logUntil('the schema is newer than this code, which can work with it all the same');
    expect(await run(await files({ '9001-second.sql': '' }), log)).toEqual([]);
    expect(await said).toMatchObject({ count: 1 });
  });

  test('refuses it where one of several files is not marked', async () => {
    await run(await files({ '9001-a.sql': '', '9002-b.sql': 'CREATE TABLE b ()', '9003-c.sql': '-- additive\nCREATE TABLE c ()' }));
    await expect(run(await files({ '9001-a.sql': '' }))).rejects.toMatchObject({
      code: 'postgres.schemaNewer',
      message: 'postgres.schemaNewer: expected schema 9001 or older, got schema 9003',
    });
  });
});

describe('migrate beside a long transaction', () => {
  test('gives way again and again, so that others are served meanwhile, and goes on when it has ended', async () => {
    const at = await files({ '9001-column.sql': 'ALTER TABLE events ADD COLUMN more text' });
    const { log, said } = logUntil('a migration waits for a lock; the oldest transaction is named');
    await during('SELECT count(*) FROM events', async (end) => {
      const migrating = run(at, log);
      expect(await said).toMatchObject({ cause: 'hookline-test' });
      // Behind a migration that waited without end this statement would wait without end too.
      for (let turn = 0; turn < 5; turn++) expect(await ask('SELECT count(*)::int AS events FROM events')).toEqual([{ events: 0 }]);
      await end();
      expect(await migrating).toEqual([9001]);
    });
  });

  test('lets others work for four times as long as it has them wait', async () => {
    const at = await files({ '9001-column.sql': 'ALTER TABLE events ADD COLUMN more text' });
    await during('SELECT count(*) FROM events', async (end) => {
      const startedAt = performance.now();
      const migrating = migrate({ pool: database.pool, log: silentLog, folder: at, lockTimeoutMs: 100, pauseMs: 10 });
      const isInTheWay = `SELECT FROM pg_locks WHERE relation = 'events'::regclass AND mode = 'AccessExclusiveLock' AND NOT granted`;
      const looks: number[] = [];
      while (performance.now() - startedAt < 4_000) {
        looks.push((await ask(isInTheWay)).length);
        await setTimeout(10);
      }
      const share = looks.reduce((sum, one) => sum + one, 0) / looks.length;
      expect(share).toBeGreaterThan(0);
      expect(share).toBeLessThan(0.4); // a fifth, and room for a busy machine
      await end();
      expect(await migrating).toEqual([9001]);
    });
  });

  test('gives up in the end, says who is in the way, and has changed nothing', async () => {
    const at = await files({ '9001-column.sql': 'CREATE TABLE second (id int); ALTER TABLE events ADD COLUMN more text' });
    await during('SELECT count(*) FROM events', async () => {
      const blocked = migrate({ pool: database.pool, log: silentLog, folder: at, lockTimeoutMs: 50, pauseMs: 10, giveUpMs: 200 });
      await expect(blocked).rejects.toMatchObject({ code: 'postgres.migrationBlocked' });
      await expect(blocked).rejects.toThrow(/got a transaction of process \d+ \(hookline-test\), open for \d+ s, in 9001-column\.sql$/);
    });
    expect(await isThere('second')).toBe(false);
  });
});

describe('migrate with an index that is built concurrently', () => {
  const INDEX = {
    '9001-index.sql': '-- concurrently\n-- additive\nCREATE INDEX CONCURRENTLY more_events ON events (provider_type, uuid DESC);\n',
  };
  const indexes = () => ask(`SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass('more_events')`);
  const COUNTER = `INSERT INTO refusal_counters (source, cause, minute, count) VALUES ('shop', 'signature.mismatch', now(), 1)`;

  test('builds it while the table is written to, and a second process waits for it without being in its way', async () => {
    const at = await files({ '9001-index.sql': '-- concurrently\nCREATE INDEX CONCURRENTLY more_events ON refusal_counters (cause)' });
    await during(COUNTER, async (end) => {
      const first = run(at);
      const builds = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'virtualxid'`;
      await expect.poll(async () => (await ask(builds)).length, { timeout: 20_000, interval: 50 }).toBe(1);
      const { log, said } = logUntil('another process migrates the schema; waiting for it');
      const second = run(at, log);
      await said;
      await ask(COUNTER);
      await end();
      expect(await Promise.all([first, second])).toEqual([[9001], []]);
    });
    expect(await indexes()).toEqual([{ valid: true }]);
  });

  test('may take as long as it needs: the limit of other statements is not its own', async () => {
    await database.pool.session((session) =>
      session.run(`
        ${COUNTER};
        CREATE FUNCTION test_limit(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$
        BEGIN IF current_setting('statement_timeout') <> '0' THEN RAISE 'there is a limit'; END IF; RETURN $1; END $$`),
    );
    const sql = '-- concurrently\nCREATE INDEX CONCURRENTLY more_events ON refusal_counters (test_limit(cause))';
    expect(await run(await files({ '9001-index.sql': sql }))).toEqual([9001]);
  });

  test('builds it anew where a killed process has left half of it', async () => {
    const at = await files(INDEX);
    await during(`LOCK TABLE events IN ROW EXCLUSIVE MODE`, async () => {
      await killWhen(at, 'virtualxid');
      // before that it may still build it whole, once nobody is in its way any more
      const left = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'hookline-killed'`;
      await expect.poll(async () => (await ask(left)).length, { timeout: 10_000 }).toBe(0);
    });
    expect(await indexes()).toEqual([{ valid: false }]);
    expect(await run(at)).toEqual([9001]);
    expect(await indexes()).toEqual([{ valid: true }]);
  });

  test('records one that was built by a process which was killed before it could', async () => {
    await database.pool.session((session) => session.run('CREATE INDEX more_events ON events (provider_type, uuid DESC)'));
    expect(await run(await files(INDEX))).toEqual([9001]);
    expect(await indexes()).toEqual([{ valid: true }]);
  });
});

describe('a process that is killed while it migrates', () => {
  test('leaves nothing of the file that it was at, and the lock goes with it', async () => {
    const sleeping = await files({
      '9001-second.sql': 'CREATE TABLE second (id int)',
      '9002-third.sql': 'CREATE TABLE third (id int); SELECT pg_sleep(60)',
    });
    await killWhen(sleeping, 'pgsleep');
    const mended = await files({ '9001-second.sql': 'CREATE TABLE second (id int)', '9002-third.sql': 'CREATE TABLE third (id int)' });
    expect(await run(mended)).toEqual([9002]);
    expect([await isThere('second'), await isThere('third')]).toEqual([true, true]);
  });
});
