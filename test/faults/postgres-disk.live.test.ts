import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, open, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Log } from '../../src/contracts/names.ts';
import { startPostgres, type EmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts';
import { createInbox } from '../../src/store/inbox.ts';
import { createPool, type Pool } from '../../src/store/pool.ts';
import { createStore } from '../../src/store/store.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { makeDelivery } from '../store/make-delivery.ts';
import { silentLog } from '../support/silent-log.ts';

// What a disk does to PostgreSQL, by files alone: no root, no tracer and no mount is needed, so that nobody has to skip it.

/** Servers start again, on a machine that may be busy. */
const PATIENT = { timeout: 150_000 } as const;
const PAGE_BYTES = 8_192;
const SEGMENT_BYTES = 16n * 1024n * 1024n;
const SEGMENTS_PER_ID = 0x1_0000_0000n / SEGMENT_BYTES;

let folder: string;
let postgres: EmbeddedPostgres;
let database: TestDatabase;
/** Of one connection, so that the server's counters of it are those of the inbox alone. */
let pool: Pool;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-disk-'));
  postgres = await startPostgres({ dataDir: folder, log: silentLog });
  database = await createDatabase(postgres.url);
  pool = createPool({ url: database.url, max: 1, applicationName: 'hookline-test', log: silentLog });
});
afterAll(async () => {
  try {
    await pool.close();
    await database.close();
  } finally {
    // also where a test has failed with the server down
    await postgres.close();
    await rm(folder, { recursive: true });
  }
});

const inCluster = (...path: readonly string[]): string => join(folder, 'cluster', ...path);
const startAgain = async (): Promise<void> => {
  postgres = await startPostgres({ dataDir: folder, port: postgres.port, log: silentLog });
};
let asked = 0;
const ask = async <Row>(text: string, ...values: readonly unknown[]): Promise<Row> => {
  asked += 1;
  const { rows } = await pool.query<Row>({ name: `test.ask${asked}`, text, values });
  const [row] = rows;
  if (row === undefined) throw new Error(`no row: ${text}`);
  return row;
};
const stored = async (uuids: readonly string[]): Promise<number> =>
  (await ask<{ readonly n: number }>('SELECT count(*)::int AS n FROM events WHERE uuid = ANY ($1)', uuids)).n;
/** Adds deliveries one after the other; the UUIDs of the events of those that were acknowledged. */
const addAll = async (deliveries: readonly ReturnType<typeof makeDelivery>[], log: Log = silentLog): Promise<readonly string[]> => {
  const inbox = createInbox({ pool, log, maxWaitMs: 60_000 });
  const acknowledged: string[] = [];
  for (const delivery of deliveries)
    await inbox.add(delivery).then(
      ([outcome]) => acknowledged.push(outcome?.eventUuid ?? ''),
      (error: unknown) => expect(error).toMatchObject({ code: 'inbox.unavailable' }),
    );
  await inbox.close();
  return acknowledged;
};
const some = (count: number, bodyBytes = 100) => Array.from({ length: count }, () => makeDelivery({ body: randomBytes(bodyBytes) }));
const uuidsOf = (deliveries: readonly ReturnType<typeof makeDelivery>[]) => deliveries.map(({ events }) => events[0]?.uuid ?? '');

const toPosition = (lsn: string): bigint => {
  const [high = '0', low = '0'] = lsn.split('/');
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`);
};
const toSegmentName = (segment: bigint): string => {
  const hex = (value: bigint): string => value.toString(16).toUpperCase().padStart(8, '0');
  return `${hex(1n)}${hex(segment / SEGMENTS_PER_ID)}${hex(segment % SEGMENTS_PER_ID)}`;
};

it('power is lost: every acknowledgement had a flush of its own, and nothing but what was flushed is needed', PATIENT, async () => {
  // All that PostgreSQL has written by now is on disk, since it has ended; of what it writes from now on only the log is flushed.
  await postgres.close();
  await cp(inCluster(), join(folder, 'before'), { recursive: true });
  await startAgain();
  const flushes = async (): Promise<number> => {
    await ask('SELECT pg_stat_force_next_flush() AS done');
    return (
      await ask<{ readonly n: number }>(
        `SELECT sum(fsyncs)::int AS n FROM pg_stat_io WHERE object = 'wal' AND backend_type = 'client backend'`,
      )
    ).n;
  };
  const flushedBefore = await flushes();
  const acknowledged = await addAll(some(50));
  expect(acknowledged).toHaveLength(50);
  const { lsn } = await ask<{ readonly lsn: string }>('SELECT pg_current_wal_flush_lsn()::text AS lsn');
  expect((await flushes()) - flushedBefore).toBeGreaterThanOrEqual(50);

  process.kill(postgres.pid, 'SIGKILL');
  await postgres.died;
  await keepOnlyFlushed(toPosition(lsn));
  await startAgain();
  expect(await stored(acknowledged)).toBe(50);
  expect(await addAll(some(1))).toHaveLength(1);
});

/** The disk as the power cut has left it: data files of before, the control file and the log as they were flushed, and junk after its end. */
async function keepOnlyFlushed(end: bigint): Promise<void> {
  await rename(inCluster(), join(folder, 'killed'));
  await rename(join(folder, 'before'), inCluster());
  for (const kept of ['pg_wal', join('global', 'pg_control')]) {
    await rm(inCluster(kept), { recursive: true });
    await cp(join(folder, 'killed', kept), inCluster(kept), { recursive: true });
  }
  await rm(join(folder, 'killed'), { recursive: true });
  const name = inCluster('pg_wal', toSegmentName(end / SEGMENT_BYTES));
  const segment = await open(name, 'r+');
  try {
    const at = Number(end % SEGMENT_BYTES);
    await segment.write(randomBytes(Number(SEGMENT_BYTES) - at), 0, null, at);
  } finally {
    await segment.close();
  }
  const torn = (await readdir(inCluster('pg_wal'))).filter((file) => /^[0-9A-F]{24}$/.test(file) && join(inCluster('pg_wal'), file) > name);
  for (const file of torn) await writeFile(inCluster('pg_wal', file), randomBytes(Number(SEGMENT_BYTES)));
}

it(
  'the disk is full: what does not fit is not acknowledged, is told once, and leaves what is there alone; room makes it good',
  PATIENT,
  async () => {
    const before = await addAll(some(3));
    const { path } = await ask<{ readonly path: string }>(
      `SELECT pg_relation_filepath(reltoastrelid) AS path FROM pg_class WHERE oid = 'deliveries'::regclass`,
    );
    // Large bodies go to a file of their own, which is empty so far: in its place one that has never any room.
    const whole = await onStoppedServer(async () => {
      const bytes = await readFile(inCluster(path));
      await rm(inCluster(path));
      await symlink('/dev/full', inCluster(path));
      return bytes;
    });
    expect(whole).toHaveLength(0);
    const lines: string[] = [];
    const log: Log = {
      ...silentLog,
      error: (_fields, message) => void lines.push(message),
      info: (_fields, message) => void lines.push(message),
    };
    const large = some(3, 20_000);
    const inbox = createInbox({ pool, log });
    const refused = await Promise.allSettled(large.map((delivery) => inbox.add(delivery)));
    expect(refused).toMatchObject(large.map(() => ({ status: 'rejected', reason: { code: 'inbox.unavailable' } })));
    await expect(inbox.add(some(1, 20_000)[0] ?? makeDelivery())).rejects.toMatchObject({ cause: { cause: { code: '53100' } } });
    expect(lines).toEqual(['PostgreSQL does not take deliveries']);
    expect(await stored(uuidsOf(large))).toBe(0);
    expect(await stored(before)).toBe(3);

    await onStoppedServer(async () => {
      await rm(inCluster(path));
      await writeFile(inCluster(path), '', { mode: 0o600 });
    });
    const outcomes = await Promise.all(large.map((delivery) => inbox.add(delivery)));
    expect(outcomes.flat().map(({ outcome }) => outcome)).toEqual(large.map(() => 'accepted'));
    expect(lines).toEqual(['PostgreSQL does not take deliveries', 'PostgreSQL takes deliveries again']);
    await inbox.close();
  },
);

it(
  'a flush fails: nothing is acknowledged, PostgreSQL falls back to what it had flushed rather than flush again, and what was acknowledged is there',
  PATIENT,
  async () => {
    const before = await addAll(some(3));
    await pool.session((session) => session.run("ALTER SYSTEM SET wal_sync_method = 'fsync'")); // on every platform a call of its own
    await ask('SELECT pg_reload_conf() AS done');
    expect(await ask('SHOW data_sync_retry')).toEqual({ data_sync_retry: 'off' });
    const { lsn } = await ask<{ readonly lsn: string }>('SELECT pg_current_wal_insert_lsn()::text AS lsn');
    // The next piece of the log is a device that takes each write and fails each flush.
    const next = inCluster('pg_wal', toSegmentName(toPosition(lsn) / SEGMENT_BYTES + 1n));
    await rm(next, { force: true });
    await symlink('/dev/null', next);
    await ask('SELECT pg_switch_wal() AS done');

    const late = some(5);
    expect(await addAll(late)).toEqual([]);
    await expect
      .poll(() => readFile(join(folder, 'postgres.log'), 'utf8'), { timeout: 60_000 })
      .toMatch(/PANIC: {2}could not fsync file "[0-9A-F]{24}"/);
    expect(await addAll(late)).toEqual([]);

    await rm(next);
    await expect.poll(() => stored(before).catch(() => 'not there yet'), { timeout: 60_000 }).toBe(3);
    expect(await stored(uuidsOf(late))).toBe(0);
    expect(await addAll(late)).toEqual(uuidsOf(late));
  },
);

it('a bit flips in a stored page: it is found by its checksum and nothing of the page is served, while all else is', PATIENT, async () => {
  const deliveries = some(60, 1_500);
  await addAll(deliveries);
  await addAll(some(20, 1_500)); // these take the last pages, which are written to next
  const { path, page } = await ask<{ readonly path: string; readonly page: number }>(
    `SELECT pg_relation_filepath('deliveries') AS path, (ctid::text::point)[0]::int AS page FROM deliveries WHERE id = $1`,
    deliveries[30]?.id,
  );
  await onStoppedServer(async () => {
    const file = await open(inCluster(path), 'r+');
    try {
      const at = page * PAGE_BYTES + PAGE_BYTES - 700; // in the middle of a body
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
      await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, at);
    } finally {
      await file.close();
    }
  });
  const { deliveries: reader } = createStore({ pool });
  await expect(reader.find(deliveries[30]?.id ?? '')).rejects.toMatchObject({ code: 'XX001' });
  await expect(reader.body(deliveries[30]?.id ?? '')).rejects.toMatchObject({ code: 'XX001' });
  expect(await reader.body(deliveries[0]?.id ?? '')).toEqual(deliveries[0]?.body);
  expect(await stored(uuidsOf(deliveries))).toBe(60);
  expect(await addAll(some(5, 1_500))).toHaveLength(5);
});

async function onStoppedServer<Result>(change: () => Promise<Result>): Promise<Result> {
  await postgres.close();
  const result = await change();
  await startAgain();
  return result;
}
