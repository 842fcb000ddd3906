import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDeliveries } from '../../src/store/deliveries.ts';
import { readWholeEvent } from '../../src/store/events.ts';
import { listEffects } from '../../src/store/list-effects.ts';
import { listRuns } from '../../src/store/list-runs.ts';
import type { Pool, Queryable, Statement } from '../../src/store/pool.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';

// What operators ask for most must not get slower with all that has ever been received: how many rows PostgreSQL looks at and throws
// away, of 60,000.

let database: TestDatabase;
const ROWS = 60_000;
const FEW = 500;

beforeAll(async () => {
  database = await createDatabase();
  await database.pool.session((session) =>
    session.run(`
      CREATE TEMP TABLE ids AS SELECT n, (lpad(to_hex(1760000000000 + n), 12, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid AS id
      FROM generate_series(1, ${ROWS}) n;
      INSERT INTO deliveries (id, source, received_at, body_sha256, body_bytes, outcome, http_status, event_ids)
      SELECT id, 'shop', now(), '', 1, 'accepted', 200, ARRAY['e' || n] FROM ids;
      INSERT INTO events (uuid, source, event_id, provider_id, provider, provider_type, type, entity_type, entity_id, occurred_at, received_at, state, delivery_id, body_sha256)
      SELECT id, 'shop', 'e' || n, 'e' || n, 'hookline', 'a', 'a', 'order', 'shop:' || n % 6000, now(), now(), 'routed', id, '' FROM ids;
      INSERT INTO runs (event_uuid, chain, workflow_id, ledger, state) SELECT id, 'new-order', 'shop.e' || n, 'new-order', 'done' FROM ids;
      INSERT INTO effects (event_uuid, ledger, action, key, round, state, attempt, run_id)
      SELECT id, 'new-order', 'email.send', '0', 0, 'done', 1, 'r' FROM ids;
      ANALYZE`),
  );
});
afterAll(() => database.close());

const toId = (n: number): string =>
  `${(1_760_000_000_000 + n).toString(16).padStart(12, '0')}70008${n.toString(16).padStart(15, '0')}`.replace(
    /^(.{8})(.{4})(.{4})(.{4})/,
    '$1-$2-$3-$4-',
  );

interface Node {
  readonly Plans?: readonly Node[];
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
}

/** The rows that the statements of `use` look at. */
async function lookedAt(use: (pool: Pool) => Promise<unknown>): Promise<number> {
  const statements: Statement[] = [];
  const query: Queryable['query'] = (statement) => {
    statements.push(statement);
    return database.pool.query(statement);
  };
  await use({ ...database.pool, query });
  expect(statements.length).toBeGreaterThan(0);
  let rows = 0;
  for (const { name, text, values } of statements) {
    const explained = {
      name: `explain.${name}`,
      text: `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      ...(values && { values }),
    };
    const [plan] = (await database.pool.query<{ readonly 'QUERY PLAN': readonly [{ readonly Plan: Node }] }>(explained)).rows;
    rows += plan === undefined ? Number.POSITIVE_INFINITY : count(plan['QUERY PLAN'][0].Plan);
  }
  return rows;
}

function count(node: Node): number {
  const loops = node['Actual Loops'] ?? 1;
  const own = (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Join Filter'] ?? 0);
  return (node.Plans ?? []).reduce((sum, part) => sum + count(part), own * loops);
}

test.each([7, ROWS - 7])('one event is read by its indexes, whichever it is (%i)', async (n) => {
  expect(await lookedAt((pool) => readWholeEvent(pool, toId(n)))).toBeLessThan(FEW);
});

test('the deliveries of an event, and of an entity, are found by theirs', async () => {
  expect(await lookedAt((pool) => createDeliveries({ pool }).list({ event: 'e7', limit: 21 }))).toBeLessThan(FEW);
  expect(await lookedAt((pool) => createDeliveries({ pool }).list({ entity: { type: 'order', id: 'shop:7' }, limit: 21 }))).toBeLessThan(
    FEW,
  );
});

test('the last page costs no more than the first', async () => {
  const before = { eventUuid: toId(30), chain: 'new-order' };
  expect(await lookedAt((pool) => listRuns(pool, { before, limit: 21 }))).toBeLessThan(FEW);
  const place = { ...before, intendedAtText: '2099-01-01T00:00:00.000000Z', action: 'a', key: 'a', round: 0, ledger: 'a' };
  expect(await lookedAt((pool) => listEffects(pool, { before: place, limit: 21 }))).toBeLessThan(FEW);
});
