import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkPostgres, readBacklog } from '../../src/store/backlog.ts';
import { createPool } from '../../src/store/pool.ts';
import { toPostgresReason } from '../../src/store/postgres-reason.ts';
import { setSwitch } from '../../src/store/switches.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

/** A run in a state since so many seconds, all of whose other times are a day old. */
async function addRun(state: string, seconds: number, column: 'received_at' | 'due_at' | 'started_at'): Promise<void> {
  const uuid = randomUUID();
  const ago = (name: string): string => `now() - ${name === column ? seconds : 86_400} * interval '1 second'`;
  await database.pool.session((session) =>
    session.run(`
INSERT INTO events (uuid, source, event_id, provider_id, provider, provider_type, type, occurred_at, received_at, state, delivery_id, body_sha256)
VALUES ('${uuid}', 'shop', '${uuid}', 'x', 'hookline', 'order.created', 'order.created', now(), ${ago('received_at')}, 'routed', '${uuid}', '');
INSERT INTO runs (event_uuid, chain, workflow_id, ledger, state, due_at, started_at)
VALUES ('${uuid}', 'new-order', '${uuid}', 'new-order', '${state}', ${ago('due_at')}, ${ago('started_at')});`),
  );
}

/** Events in a state, the uuid of each by its time, received so many seconds ago. */
async function addEvents(state: string, secondsAgo: readonly number[]): Promise<void> {
  for (const [index, seconds] of secondsAgo.entries()) {
    const uuid = `0190000${index}-0000-7000-8000-${randomUUID().slice(-12)}`;
    await database.pool.session((session) =>
      session.run(`
INSERT INTO events (uuid, source, event_id, provider_id, provider, provider_type, type, occurred_at, received_at, state, delivery_id, body_sha256)
VALUES ('${uuid}', 'shop', '${uuid}', 'x', 'hookline', 'x', 'x', now(), now() - ${seconds} * interval '1 second', '${state}', '${uuid}', '');`),
    );
  }
}

describe('readBacklog', () => {
  test('says 0 of every state when there is nothing', async () => {
    expect(await readBacklog(database.pool)).toEqual({
      states: [
        { state: 'pending', runs: 0, oldestSeconds: 0 },
        { state: 'repair_requested', runs: 0, oldestSeconds: 0 },
        { state: 'started', runs: 0, oldestSeconds: 0 },
        { state: 'failed', runs: 0, oldestSeconds: null },
        { state: 'stopped', runs: 0, oldestSeconds: null },
      ],
      effectsUnknown: 0,
      events: [
        { state: 'held', events: 0, oldestSeconds: 0 },
        { state: 'quarantined', events: 0, oldestSeconds: 0 },
      ],
      switches: [],
      runsStuck: 0,
      waits: [],
    });
  });

  test('counts what is not done, and tells how long the first of each open state has been in it', async () => {
    await addRun('pending', 500, 'received_at');
    await addRun('pending', 10, 'received_at');
    await addRun('repair_requested', 40, 'due_at');
    await addRun('started', 300, 'started_at');
    await addRun('failed', 1, 'due_at');
    await addRun('done', 1, 'due_at');
    await database.pool.session((session) =>
      session.run(
        `INSERT INTO effects (event_uuid, ledger, action, key, round, state, attempt, run_id) VALUES ('${randomUUID()}', 'l', 'a.b', '1', 0, 'unknown', 1, 'r')`,
      ),
    );
    const { states, effectsUnknown } = await readBacklog(database.pool);
    expect(states.map(({ state, runs, oldestSeconds }) => [state, runs, oldestSeconds && Math.floor(oldestSeconds / 10) * 10])).toEqual([
      ['pending', 2, 500],
      ['repair_requested', 1, 40],
      ['started', 1, 300],
      ['failed', 1, null],
      ['stopped', 0, null],
    ]);
    expect(effectsUnknown).toBe(1);
  });

  test('counts the events that wait for a person, and tells how long ago the first of them was received', async () => {
    await addEvents('held', [600, 30]);
    await addEvents('quarantined', [70]);
    const { events } = await readBacklog(database.pool);
    expect(events.map(({ state, events: count, oldestSeconds }) => [state, count, Math.floor(oldestSeconds / 10) * 10])).toEqual([
      ['held', 2, 600],
      ['quarantined', 1, 70],
    ]);
  });

  test('finds them by the index of what is to be solved, and never by reading all events', async () => {
    await database.pool.session((session) =>
      session.run(`
INSERT INTO events (uuid, source, event_id, provider_id, provider, provider_type, type, occurred_at, received_at, state, delivery_id, body_sha256)
SELECT gen_random_uuid(), 'shop', 'n' || n, 'x', 'hookline', 'x', 'x', now(), now(), 'routed', gen_random_uuid(), '' FROM generate_series(1, 5000) n;
ANALYZE events;`),
    );
    const reads = (): Promise<number> =>
      database.pool.session(async (session) => {
        await session.run('SELECT pg_stat_force_next_flush()');
        const { rows } = await session.query<{ readonly read: number }>({
          name: 'test.seqReads',
          text: "SELECT seq_tup_read::int AS read FROM pg_stat_user_tables WHERE relname = 'events'",
        });
        return rows[0]?.read ?? -1;
      });
    const before = await reads();
    await readBacklog(database.pool);
    expect((await reads()) - before).toBeLessThan(5_000);
  });

  test('counts the started runs that cannot go on, and tells which vendors must be left alone, and for how long', async () => {
    await addRun('started', 10, 'started_at');
    await addRun('done', 10, 'started_at');
    await database.pool.session((session) =>
      session.run(`
UPDATE runs SET stuck_since = now() WHERE state = 'done' OR event_uuid IN (SELECT event_uuid FROM runs WHERE state = 'started' LIMIT 1);
INSERT INTO vendor_waits VALUES ('crm', now() + interval '100 seconds', now()), ('team', now() - interval '1 second', now() - interval '1 hour');`),
    );
    const { runsStuck, waits } = await readBacklog(database.pool);
    expect(runsStuck).toBe(1);
    expect(waits).toEqual([{ adapter: 'crm', seconds: expect.closeTo(100, -2) as number }]);
  });

  test('names what an operator has stopped', async () => {
    await setSwitch(database.pool, { verb: 'pause', kind: 'agent', name: 'email' }, { by: 'test', reason: null });
    expect((await readBacklog(database.pool)).switches).toMatchObject([{ verb: 'pause', kind: 'agent', name: 'email' }]);
  });
});

describe('checkPostgres', () => {
  test('resolves where PostgreSQL takes writes', async () => {
    await expect(checkPostgres(database.pool)).resolves.toBeUndefined();
  });

  test('rejects where it answers and is told to write nothing, and says so', async () => {
    const url = new URL(database.url);
    url.searchParams.set('options', '-c default_transaction_read_only=on');
    const pool = createPool({ url: url.href, applicationName: 'hookline-test', log: silentLog });
    const failure: unknown = await checkPostgres(pool).catch((error: unknown) => error);
    await pool.close();
    expect(failure).toMatchObject({
      code: 'postgres.unavailable',
      message: 'postgres.unavailable: expected a server that takes writes, got one that is told to write nothing',
    });
    expect(toPostgresReason(failure)).toBe('it takes no writes');
  });
});
