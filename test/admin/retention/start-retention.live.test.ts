import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startRetention, type Retention, type RetentionRound } from '../../../src/admin/retention/start-retention.ts';
import { NO_METER, type Meter } from '../../../src/contracts/metrics.ts';
import type { Log } from '../../../src/contracts/names.ts';
import { createPool } from '../../../src/store/pool.ts';
import type { Pool } from '../../../src/store/pool.ts';
import { doneEvent, noRows, writeOldRows, type OldDelivery } from '../../store/old-rows.ts';
import { readRemains } from '../../store/remains.ts';
import { createDatabase } from '../../support/database.ts';
import type { TestDatabase } from '../../support/database.ts';
import { silentLog } from '../../support/silent-log.ts';

const RETENTION = { bodyDays: 30, deliveryDays: 90, eventDays: 180, effectDays: 180, auditDays: 730, everyMs: 100 };
const INBOX = { dedupeDays: 90, maxWaiting: 10_000 };
const old = (days: number): OldDelivery => ({ days, kind: 'own', events: [doneEvent] });
/** Enough for several pages. */
const MANY = Array.from({ length: 1_600 }, () => old(200.5));

describe('retention in a process', () => {
  let database: TestDatabase;
  let pool: Pool;
  const running: Retention[] = [];

  beforeAll(async () => {
    database = await createDatabase();
    pool = createPool({ url: database.url, max: 2, applicationName: 'hookline-retention', log: silentLog });
  });
  afterEach(() => Promise.all(running.splice(0).map((one) => one.close())));
  afterAll(async () => {
    await pool.close();
    await database.close();
  });

  /** Starts one, and gives a function that resolves to its next round that a test wants. */
  const start = (wish: { readonly log?: Log; readonly meter?: Meter; readonly everyMs?: number } = {}) => {
    const rounds: RetentionRound[] = [];
    const waiting: (() => void)[] = [];
    const retention = startRetention({
      pool,
      settings: { retention: { ...RETENTION, everyMs: wish.everyMs ?? RETENTION.everyMs }, inbox: INBOX },
      log: wish.log ?? silentLog,
      meter: wish.meter,
      owner: randomUUID(),
      monotonicMs: () => performance.now(),
      onRound(round) {
        rounds.push(round);
        for (const tell of waiting.splice(0)) tell();
      },
    });
    running.push(retention);
    const until = async (wanted: (round: RetentionRound) => boolean): Promise<RetentionRound> => {
      for (;;) {
        const found = rounds.find(wanted);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    };
    return { retention, rounds, until };
  };
  const complete = (round: RetentionRound): boolean => round.complete;
  const write = (deliveries: readonly OldDelivery[]) => writeOldRows(database.pool, { ...noRows, deliveries, audit: [800.5] });

  /** Body and data of an event are there together or gone together, and no run is there without its event. */
  const expectNothingHalfDone = async (): Promise<void> => {
    const { bodies, data, events, deliveries } = await readRemains(database.pool);
    expect(data).toEqual(bodies.map((name) => `${name}.0`));
    expect(new Set(events)).toEqual(new Set([...events, ...data]));
    expect(new Set(deliveries)).toEqual(new Set([...deliveries, ...bodies]));
    const orphans = 'SELECT FROM runs r WHERE NOT EXISTS (SELECT FROM events e WHERE e.uuid = r.event_uuid)';
    expect((await database.pool.query({ name: 'test.orphans', text: orphans })).rowCount).toBe(0);
  };

  /** Ends the connection that waits for a row in the middle of its transaction, as soon as there is one. */
  const endWhoWaits = async (): Promise<void> => {
    const text = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'hookline-retention' AND datname = current_database() AND wait_event_type = 'Lock'`;
    while ((await database.pool.query({ name: 'test.endWhoWaits', text })).rowCount === 0);
  };

  test('removes at once what has outlived its age, counts it by what it was, and says so in one line', async () => {
    await write([old(200.5), old(40.5), old(1.5)]);
    const counts: [string, number][] = [];
    const lines: unknown[] = [];
    const meter: Meter = {
      ...NO_METER,
      count: (name, labels, by = 1) => void counts.push([`${name} ${Object.values(labels).join()}`, by]),
    };
    const { until, rounds } = start({ meter, log: { ...silentLog, info: (fields, text) => void lines.push({ ...fields, text }) } });
    await until(complete);
    expect(rounds[0]).toEqual({ removed: 5, complete: true });
    expect(Object.fromEntries(counts)).toEqual({
      'hookline_removed_total bodies': 2,
      'hookline_removed_total events': 1,
      'hookline_removed_total deliveries': 1,
      'hookline_removed_total audit': 1,
    });
    await until((round) => round.complete && round.removed === 0);
    expect(lines).toEqual([
      { component: 'retention', count: 5, duration_s: expect.any(Number) as unknown, text: 'what had outlived its age was removed' },
    ]);
    expect(await readRemains(database.pool)).toMatchObject({
      deliveries: ['1', '2'],
      bodies: ['2'],
      events: ['1.0', '2.0'],
      data: ['2.0'],
    });
  });

  test('is done by one process at a time, and by another once the lease of the first is over', async () => {
    await write([]);
    const first = start();
    await first.until(complete);
    const second = start();
    await second.until((round) => !round.complete);
    await first.retention.close();
    await write([old(200.5)]); // which forgets the lease too, as time does
    await second.until((round) => round.removed > 0);
    expect((await readRemains(database.pool)).events).toEqual([]);
    expect(first.rounds.every(({ removed }) => removed <= 1)).toBe(true);
  });

  test('leaves nothing half done where it is closed in the middle of a round, and the next one goes on', async () => {
    await write(MANY);
    let closing: Promise<void> | undefined;
    const closed = start({ meter: { ...NO_METER, count: () => void (closing ??= closed.retention.close()) } });
    await closed.until(() => true);
    await closing;
    expect(closed.rounds).toEqual([{ removed: 500, complete: false }]);
    await expectNothingHalfDone();
    expect((await readRemains(database.pool)).bodies).toHaveLength(MANY.length - 500);
    await database.pool.session((session) => session.run('TRUNCATE chores')); // as its lease ends
    await start().until(complete);
    expect(await readRemains(database.pool)).toMatchObject({ deliveries: [], events: [], runs: [], audit: [] });
  });

  test('leaves nothing half done where PostgreSQL ends its connection in the middle, and the next round goes on', async () => {
    await write(MANY);
    const { until, rounds, retention } = await database.pool.session(async (other) => {
      await other.run('BEGIN; SELECT FROM deliveries WHERE id = (SELECT id FROM deliveries ORDER BY id OFFSET 700 LIMIT 1) FOR UPDATE');
      const started = start();
      await endWhoWaits();
      await other.run('ROLLBACK');
      return started;
    });
    await until(() => true);
    await retention.close();
    expect(rounds[0]).toEqual({ removed: 500, complete: false });
    await expectNothingHalfDone();
    await database.pool.session((session) => session.run('TRUNCATE chores'));
    await start().until(complete);
    expect(await readRemains(database.pool)).toMatchObject({ deliveries: [], events: [], runs: [], audit: [] });
  });
});
