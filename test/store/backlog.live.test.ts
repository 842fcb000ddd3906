import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkPostgres, readBacklog } from '../../src/store/backlog.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

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
});

describe('checkPostgres', () => {
  test('resolves where PostgreSQL takes writes', async () => {
    await expect(checkPostgres(database.pool)).resolves.toBeUndefined();
  });
});
