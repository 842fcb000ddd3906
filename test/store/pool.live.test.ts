import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CommitUnknownError, createPool, transaction } from '../../src/store/pool.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';

describe('the pool', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
    await database.pool.session((session) => session.run('CREATE TABLE notes (id int PRIMARY KEY)'));
  });
  afterAll(() => database.close());

  const insert = (id: number) => ({ name: 'test.insert', text: 'INSERT INTO notes VALUES ($1)', values: [id] });
  const notes = async () =>
    (await database.pool.query<{ readonly id: number }>({ name: 'test.notes', text: 'SELECT id FROM notes ORDER BY id' })).rows.map(
      ({ id }) => id,
    );
  const kill = (pid: number | undefined) =>
    database.pool.query({ name: 'test.kill', text: 'SELECT pg_terminate_backend($1, 5000)', values: [pid] });
  const PID = { name: 'test.pid', text: 'SELECT pg_backend_pid() AS pid' };

  test('commits all of a transaction, or none of it', async () => {
    await transaction(database.pool, async (tx) => {
      await tx.query(insert(1));
      await tx.query(insert(2));
    });
    const failing = transaction(database.pool, async (tx) => {
      await tx.query(insert(3));
      await tx.query(insert(1));
    });
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await notes()).toEqual([1, 2]);
  });

  test('cancels a statement that exceeds the limit of its transaction, and of that one only', async () => {
    const slow = transaction(database.pool, (tx) => tx.query({ name: 'test.sleep', text: 'SELECT pg_sleep(5)' }), {
      statementTimeoutMs: 50,
    });
    await expect(slow).rejects.toMatchObject({ code: 'postgres.unavailable', cause: { code: '57014' } });
    await database.pool.query({ name: 'test.nap', text: 'SELECT pg_sleep(0.1)' });
  });

  test('has PostgreSQL end a transaction that says nothing: a host that has lost its network must not keep its locks', async () => {
    const { rows } = await database.pool.query<{ readonly limit: string }>({
      name: 'test.silence',
      text: `SELECT current_setting('idle_in_transaction_session_timeout') AS limit`,
    });
    expect(rows).toEqual([{ limit: '5s' }]);
    const short = createPool({ url: database.url, max: 1, applicationName: 'hookline-test', log: silentLog });
    const silent = transaction(short, async (tx) => {
      await tx.query(insert(20));
      await tx.run('SET LOCAL idle_in_transaction_session_timeout = 20');
      await database.pool.query(insert(20)); // waits for the lock of the one that says nothing
      await tx.query(insert(21));
    });
    await expect(silent).rejects.toMatchObject({ code: 'postgres.unavailable' });
    expect(await notes()).toContain(20);
    await expect(short.query(PID)).resolves.toMatchObject({ rowCount: 1 });
    await short.close();
  });

  test('says that nobody knows when the connection breaks before a commit is answered', async () => {
    const work = transaction(database.pool, async (tx) => {
      await tx.query(insert(10));
      const { rows } = await tx.query<{ readonly pid: number }>(PID);
      await kill(rows[0]?.pid);
    });
    await expect(work).rejects.toBeInstanceOf(CommitUnknownError);
    await expect(work).rejects.toMatchObject({ code: 'postgres.unavailable', commitUnknown: true });
    expect(await notes()).not.toContain(10);
  });

  test('throws `postgres.unavailable` when the connection breaks under a statement, and goes on with another', async () => {
    const sleeping = database.pool.session(async (session) => {
      const { rows } = await session.query<{ readonly pid: number }>(PID);
      const broken = session.query({ name: 'test.long', text: 'SELECT pg_sleep(20)' });
      await Promise.all([kill(rows[0]?.pid), expect(broken).rejects.toMatchObject({ code: 'postgres.unavailable' })]);
    });
    await sleeping;
    expect(await notes()).toContain(1);
  });

  test('throws `postgres.unavailable` when nothing listens', async () => {
    const url = new URL(database.url);
    url.port = '1';
    const pool = createPool({ url: url.href, applicationName: 'hookline-test', log: silentLog });
    await expect(pool.query(PID)).rejects.toMatchObject({ code: 'postgres.unavailable' });
    await pool.close();
  });

  test('throws `postgres.unavailable` when every connection stays taken', async () => {
    const pool = createPool({ url: database.url, max: 1, applicationName: 'hookline-test', log: silentLog });
    await pool.session(() => expect(pool.query(PID)).rejects.toMatchObject({ code: 'postgres.unavailable' }));
    await pool.close();
  });

  test('leaves the values that PostgreSQL quotes out of what it throws', async () => {
    const secret = '{"card": 4242';
    const failing = database.pool.query({ name: 'test.json', text: 'SELECT $1::json', values: [secret] });
    await expect(failing).rejects.toMatchObject({ code: '22P02' });
    expect(inspect(await failing.catch((thrown: unknown) => thrown), { depth: null })).not.toContain('4242');
  });
});
