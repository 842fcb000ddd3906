import { afterAll, beforeAll, expect, test } from 'vitest';
import { lockRepairable } from '../../../src/store/repair-many.ts';
import { transaction } from '../../../src/store/pool.ts';
import { startApi, type ApiFixture } from '../api/api-fixture.ts';

let api: ApiFixture;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const repairMany = () => api.ask('/api/replays', { method: 'POST', body: { filter: { state: 'failed' } } });

async function failed(eventId: string): Promise<string> {
  const uuid = await api.take({ source: 'shop', events: [{ eventId }] });
  await api.database.pool.session((session) =>
    session.run(`UPDATE runs SET state = 'failed', code = 'action.failed' WHERE event_uuid = '${uuid}'`),
  );
  return uuid;
}

/** Resolves once somebody waits for a lock. */
async function somebodyWaits(): Promise<void> {
  for (;;) {
    const text = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    const [row] = (await api.database.pool.query<{ readonly n: number }>({ name: 'test.waits', text })).rows;
    if ((row?.n ?? 0) > 0) return;
  }
}

test('a repair of many waits for retention, and starts no run whose data it has just taken', async () => {
  const uuid = await failed('left');
  let answer: ReturnType<typeof repairMany> | undefined;
  await transaction(api.database.pool, async (tx) => {
    await tx.run(`SELECT FROM events WHERE uuid = '${uuid}' FOR UPDATE; UPDATE events SET data = NULL, schema_version = NULL WHERE uuid = '${uuid}';
                  UPDATE deliveries SET body = NULL`);
    answer = repairMany();
    await Promise.race([somebodyWaits(), answer]);
  });
  expect((await answer)?.json).toMatchObject({ asked: 0, skipped: [{ eventUuid: uuid, reason: expect.stringContaining('kept') }] });
});

test('a repair of many and one of an event of it end both', async () => {
  const uuid = await failed('both');
  let single: ReturnType<ApiFixture['ask']> | undefined;
  await transaction(api.database.pool, async (tx) => {
    const filter = { state: 'failed' } as const;
    expect(await lockRepairable(tx, { filter, after: undefined, limit: 10 })).toContainEqual(expect.objectContaining({ eventUuid: uuid }));
    single = api.ask(`/api/events/${uuid}/replay`, { method: 'POST', body: {} });
    await somebodyWaits();
    await tx.run(`UPDATE events SET detail = 'projected anew' WHERE uuid = '${uuid}'`);
  });
  expect((await single)?.json).toMatchObject({ did: 'repaired' });
});
