import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate, newestMigration } from '../../src/store/migrate.ts';
import { createPool, type Pool, type Session } from '../../src/store/pool.ts';
import { setStock } from '../../src/store/stock.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import {
  leaveAsPreviousVersion,
  PREVIOUS_SCHEMA,
  previousRows,
  previousStatements,
  takeOrder,
  workOff,
} from '../support/previous-schema/previous-version.ts';
import { silentLog } from '../support/silent-log.ts';
import { startSystem, type System } from '../support/system.ts';

/** Between two turns of a connection: many go on at once, and the machine is shared. */
const TURN_MS = 120;
/** A delivery waits so long for its commit before it is answered 503. */
const INBOX_WAIT_MS = 5_000;
const STOCK = 100_000;

const newVersions = async (): Promise<readonly number[]> =>
  Array.from({ length: (await newestMigration()) - PREVIOUS_SCHEMA }, (_none, index) => PREVIOUS_SCHEMA + 1 + index);

describe('a database that the version before has filled', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createDatabase();
    await leaveAsPreviousVersion(database.pool);
  });
  afterEach(async () => {
    await database.close();
  });

  it('has rows in every table of that version', async () => {
    const { rows } = await database.pool.query<{ readonly table: string }>({
      name: 'test.tables',
      text: `SELECT tablename AS "table" FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migrations' ORDER BY 1`,
    });
    expect(rows.map(({ table }) => table)).toEqual([...new Set(previousRows.map(({ table }) => table))].sort());
  });

  it('keeps every row as it was', async () => {
    expect(await migrate({ pool: database.pool, log: silentLog })).toEqual(await newVersions());
    for (const table of new Set(previousRows.map((one) => one.table))) {
      const text = `SELECT coalesce(json_agg(t), '[]') AS found FROM ${table} t`;
      const { rows } = await database.pool.query<{ readonly found: readonly object[] }>({ name: `test.rows.${table}`, text });
      const before = previousRows.filter((one) => one.table === table).map(({ row }) => row);
      expect(rows[0]?.found).toHaveLength(before.length);
      expect(rows[0]?.found).toEqual(expect.arrayContaining(before.map((row) => expect.objectContaining(row) as object)));
    }
  });

  it('takes every statement of that version still, prepared before and after', async () => {
    const names = [...previousStatements.keys()];
    const prepare = (session: Session, mark: string): Promise<void> =>
      session.run(names.map((name) => `PREPARE "${mark}.${name}" AS ${previousStatements.get(name)};`).join('\n'));
    await database.pool.session(async (session) => {
      await prepare(session, 'before');
      await migrate({ pool: database.pool, log: silentLog });
      await prepare(session, 'after');
      // what a connection had prepared is planned anew, and gives the columns that it gave before
      for (const name of ['stock.list', 'agentTables.analytics', 'backlog.check', 'runs.checkAllSoon'])
        await session.run(`EXECUTE "before.${name}"`);
    });
    expect(names.length).toBeGreaterThan(30);
  });
});

describe('an upgrade while the version before goes on working', () => {
  let system: System;
  let others: Pool;
  beforeEach(async () => {
    system = await startSystem();
    await leaveAsPreviousVersion(system.database.pool);
    await setStock(system.database.pool, [{ sku: 'MUG', available: STOCK }]);
    others = createPool({ url: system.database.url, max: 7, applicationName: 'previous-version', log: silentLog });
  });
  afterEach(async () => {
    await system.close();
    await others.close();
  });

  it('loses no acknowledged event and repeats no effect, also when a long transaction is in its way', async () => {
    const interrupted = await interruptRuns(system.database.pool);
    const before = startPrevious(others);
    await before.acknowledges(20);

    const { migrating, waits } = await others.session(async (report) => {
      await report.run('BEGIN; SELECT count(*) FROM events');
      let tell: (value: unknown) => void = () => {};
      const waits = new Promise((resolve) => (tell = resolve));
      const migrating = migrate({ pool: system.database.pool, log: { ...silentLog, warn: tell } });
      await waits;
      await before.acknowledges(20);
      await report.run('COMMIT');
      return { migrating: await migrating, waits: await waits };
    });
    expect(migrating).toEqual(await newVersions());
    expect(waits).toMatchObject({ cause: 'previous-version' });
    await before.acknowledges(20);
    // workers of this version first, then its ingresses, while those of the version before go on taking events
    await before.endWorkers();
    await Promise.all([system.startWorker(), before.acknowledges(10)]);
    await system.startIngress();
    const { acknowledged, slowestMs } = await before.end();
    expect(slowestMs).toBeLessThan(INBOX_WAIT_MS);
    const open = async (): Promise<number> => (await system.runs()).filter(({ state }) => state !== 'done').length;
    await expect.poll(open, { timeout: 40_000, interval: 100 }).toBe(0);

    const runs = await readRuns(system.database.pool);
    const orders = runs.filter(({ source }) => source === 'erp');
    expect(orders.map(({ id }) => id).toSorted()).toEqual(acknowledged.toSorted());
    const mails = (await system.mail.mails()).map(({ to }) => to).toSorted();
    const toldByNew = orders.filter(({ byPrevious }) => !byPrevious).map(({ id }) => `${id}@example.com`);
    expect(toldByNew.length).toBeGreaterThanOrEqual(10);
    expect(toldByNew.length).toBeLessThan(orders.length);
    expect(mails).toEqual(toldByNew.toSorted());
    expect(await system.stockOf('MUG')).toBe(STOCK - 2 * toldByNew.length);
    // What the version before had done of the runs that it could not close was found in the ledger.
    expect(runs.filter(({ uuid }) => interrupted.has(uuid)).map(({ uuid, result }) => [uuid, result])).toEqual([...interrupted]);
    expect(await readRepeated(system.database.pool)).toEqual([]);
  }, 90_000);
});

/** Makes the finished orders of the version before look as if it had died before it could close their runs; their results. */
async function interruptRuns(pool: Pool): Promise<ReadonlyMap<string, unknown>> {
  const { rows } = await pool.query<{ readonly uuid: string; readonly result: unknown }>({
    name: 'test.interrupt',
    text: `WITH was AS (SELECT event_uuid, chain, result FROM runs WHERE chain = 'new-order')
           UPDATE runs r SET state = 'started', started_at = now(), closed_at = NULL, check_at = now(), result = NULL FROM was
           WHERE r.event_uuid = was.event_uuid AND r.chain = was.chain RETURNING r.event_uuid AS uuid, was.result`,
  });
  expect(rows.length).toBeGreaterThan(3);
  return new Map(rows.toSorted((a, b) => (a.uuid < b.uuid ? -1 : 1)).map(({ uuid, result }) => [uuid, result]));
}

/** Three connections of an ingress and two of a worker, each with its statements prepared, as the version before ran them. */
function startPrevious(pool: Pool) {
  const acknowledged: string[] = [];
  let taking = true;
  let working = true;
  let slowestMs = 0;
  const ingresses = [1, 2, 3].map(() =>
    pool.session(async (session) => {
      while (taking) {
        const [id, startedAt] = [randomUUID(), performance.now()];
        await takeOrder(session, id);
        slowestMs = Math.max(slowestMs, performance.now() - startedAt);
        acknowledged.push(id);
        await sleep(TURN_MS);
      }
    }),
  );
  const workers = [1, 2].map(() =>
    pool.session(async (session) => {
      const owner = randomUUID();
      while (working) if ((await workOff(session, { owner, limit: 5 })) === 0) await sleep(TURN_MS);
    }),
  );
  return {
    acknowledges(more: number) {
      const from = acknowledged.length;
      return expect.poll(() => acknowledged.length, { timeout: 20_000, interval: 20 }).toBeGreaterThanOrEqual(from + more);
    },
    async endWorkers() {
      working = false;
      await Promise.all(workers);
    },
    async end() {
      taking = false;
      await Promise.all(ingresses);
      return { acknowledged, slowestMs };
    },
  };
}

interface FoundRun {
  readonly uuid: string;
  readonly source: string;
  readonly id: string;
  readonly byPrevious: boolean;
  readonly result: unknown;
}

async function readRuns(pool: Pool): Promise<readonly FoundRun[]> {
  const { rows } = await pool.query<FoundRun>({
    name: 'test.readRuns',
    text: `SELECT e.uuid, e.source, e.event_id AS id, r.result, coalesce(r.result::jsonb ? 'byPrevious', false) AS "byPrevious"
           FROM events e JOIN runs r ON r.event_uuid = e.uuid ORDER BY e.uuid`,
  });
  return rows;
}

/** Effects that were made a second time, or went out twice. */
async function readRepeated(pool: Pool): Promise<readonly unknown[]> {
  const { rows } = await pool.query({
    name: 'test.repeated',
    text: `SELECT event_uuid, action, key FROM effects GROUP BY event_uuid, action, key HAVING count(*) > 1 OR max(sends) > 1 OR bool_or(state <> 'done')`,
  });
  return rows;
}
