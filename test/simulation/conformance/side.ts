import { createPool, type Pool } from '../../../src/store/pool.ts';
import { createDatabase } from '../../support/database.ts';
import { silentLog } from '../../support/silent-log.ts';
import { createModelDatabase } from '../models/model-database.ts';
import { createModelPool } from '../models/model-pool.ts';
import type { Tables } from '../models/rows.ts';
import { statements, type Statements } from '../models/statements.ts';
import { settled } from '../world/world.ts';

/** PostgreSQL or the model: what the product's code meets, and how the tables stand. */
export interface Side {
  readonly pool: Pool;
  setNow(ms: number): Promise<void>;
  /** The tables that the simulation rests on, in one form for both sides. */
  dump(): Promise<object>;
  /** Resolves once the work is over, or waits for a lock; tells which. */
  untilBlocked(work: Promise<unknown>): Promise<'over' | 'blocked'>;
}

/** PostgreSQL, with a clock that tests set. */
export interface PostgresSide extends Side {
  empty(): Promise<void>;
  close(): Promise<void>;
}

// `now()` of the statements is found here first; nothing else of them changes
const CLOCK = `
CREATE SCHEMA simulated;
CREATE TABLE simulated.clock (at timestamptz NOT NULL);
INSERT INTO simulated.clock VALUES ('epoch');
CREATE FUNCTION simulated.now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT at FROM simulated.clock';
ALTER TABLE runs ALTER due_at SET DEFAULT simulated.now();
ALTER TABLE switches ALTER since SET DEFAULT simulated.now()`;
const SEARCH_PATH = 'simulated,pg_catalog,public';

const ms = (column: string, name: string): string => `round(extract(epoch FROM ${column}) * 1000)::bigint AS "${name}"`;
const TABLES = {
  runs: `SELECT event_uuid AS "eventUuid", chain, workflow_id AS "workflowId", ledger, state, attempt, round, restarts, tries, checks, code, detail,
                lease_owner AS "leaseOwner", run_id AS "runId", result::text, ${ms('due_at', 'dueAt')}, ${ms('lease_until', 'leaseUntil')},
                ${ms('started_at', 'startedAt')}, ${ms('closed_at', 'closedAt')}, ${ms('check_at', 'checkAt')}, ${ms('stuck_since', 'stuckSince')}
         FROM runs ORDER BY seq`,
  events: `SELECT uuid, source, event_id AS "eventId", type, entity_type AS "entityType", entity_id AS "entityId", test, state, data::text,
                  ${ms('occurred_at', 'occurredAt')}, ${ms('received_at', 'receivedAt')}, delivery_id AS "deliveryId", encode(body_sha256, 'hex') AS "bodySha256"
           FROM events ORDER BY uuid`,
  deliveries: `SELECT id, source, outcome, event_ids AS "eventIds", body_differs AS "bodyDiffers" FROM deliveries ORDER BY id`,
  effects: `SELECT event_uuid AS "eventUuid", ledger, action, key, round, state, attempt, run_id AS "runId", encode(input_sha256, 'hex') AS "inputSha256",
                   result::text, detail, sends, dry FROM effects ORDER BY event_uuid, ledger, action, key, round`,
  entities: `SELECT type, id, fields::text, versions::text FROM entities ORDER BY type, id`,
  switches: `SELECT verb, kind, name, ${ms('since', 'since')} FROM switches ORDER BY verb, kind, name`,
  vendorWaits: `SELECT adapter, ${ms('until', 'until')}, ${ms('since', 'since')} FROM vendor_waits ORDER BY adapter`,
} as const;
const DUMP = `SELECT ${Object.entries(TABLES)
  .map(([name, query]) => `(SELECT coalesce(json_agg(t), '[]') FROM (${query}) t) AS "${name}"`)
  .join(', ')}`;
const KEYS = {
  events: ({ uuid }) => uuid,
  deliveries: ({ id }) => id,
  effects: ({ eventUuid, ledger, action, key, round }) => `${eventUuid} ${ledger} ${action} ${key} ${round}`,
  entities: ({ type, id }) => `${type} ${id}`,
  switches: ({ verb, kind, name }) => `${verb} ${kind} ${name}`,
  vendorWaits: ({ adapter }) => adapter,
} as const satisfies { readonly [Name in keyof Tables]?: (row: Tables[Name]) => string };

/** A fresh database of the live tests' server; nothing of it need survive. */
export async function createPostgresSide(): Promise<PostgresSide> {
  const database = await createDatabase();
  await database.pool.session((session) => session.run(CLOCK));
  const url = new URL(database.url);
  url.searchParams.set('options', `-c search_path=${SEARCH_PATH} -c synchronous_commit=off`);
  const pool = createPool({ url: url.href, applicationName: 'hookline-conformance', log: silentLog });
  const isBlocked = async (): Promise<boolean> => {
    const text = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    const { rows } = await database.pool.query<{ readonly count: number }>({ name: 'test.blocked', text });
    return (rows[0]?.count ?? 0) > 0;
  };
  return {
    pool,
    setNow: async (now) =>
      void (await pool.query({ name: 'test.setNow', text: 'UPDATE simulated.clock SET at = $1', values: [new Date(now)] })),
    dump: async () => (await pool.query<object>({ name: 'test.dump', text: DUMP })).rows[0] ?? {},
    async untilBlocked(work) {
      let isOver = false;
      const over = work.then(
        () => void (isOver = true),
        () => void (isOver = true),
      );
      for (;;) {
        const blocked = await isBlocked();
        if (isOver) return 'over';
        if (blocked) return 'blocked';
        await Promise.race([over, settled()]);
      }
    },
    empty: () =>
      pool.session((session) =>
        session.run(
          `DELETE FROM runs; DELETE FROM events; DELETE FROM deliveries; DELETE FROM effects; DELETE FROM entities; DELETE FROM switches; DELETE FROM vendor_waits`,
        ),
      ),
    async close() {
      await pool.close();
      await database.close();
    },
  };
}

/** The model, empty, whose statements answer at once. */
export function createModelSide(known: Statements = statements): Side {
  let now = 0;
  const database = createModelDatabase({ now: () => now, after: () => {} });
  const pool = createModelPool({ database, statements: known, carry: ({ perform }) => new Promise((resolve) => perform(resolve)) });
  const sorted = <Name extends keyof typeof KEYS>(name: Name): readonly object[] => {
    const toKey = KEYS[name] as (row: Tables[Name]) => string; // the key of the same table
    return database.rows(name).toSorted((a, b) => (toKey(a) < toKey(b) ? -1 : 1));
  };
  return {
    pool,
    setNow: async (at) => void (now = at),
    dump: async () => ({
      runs: database
        .rows('runs')
        .toSorted((a, b) => a.seq - b.seq)
        .map(({ seq: _seq, ...run }) => run),
      events: sorted('events'),
      deliveries: sorted('deliveries'),
      effects: sorted('effects'),
      entities: sorted('entities'),
      switches: sorted('switches'),
      vendorWaits: sorted('vendorWaits'),
    }),
    async untilBlocked(work) {
      let isOver = false;
      void work.then(
        () => void (isOver = true),
        () => void (isOver = true),
      );
      await settled();
      return isOver ? 'over' : 'blocked';
    },
  };
}
