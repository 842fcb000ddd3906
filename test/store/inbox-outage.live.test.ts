import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../../src/runtime/embedded-postgres.ts';
import type { EmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts';
import { createInbox } from '../../src/store/inbox.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';
import { makeDelivery } from './make-delivery.ts';

describe('the inbox while PostgreSQL is away', () => {
  let folder: string;
  let postgres: EmbeddedPostgres;
  let database: TestDatabase;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hookline-outage-'));
    postgres = await startPostgres({ dataDir: folder, log: silentLog });
    database = await createDatabase(postgres.url);
  });
  afterAll(async () => {
    await database.close();
    await postgres.close();
    await rm(folder, { recursive: true });
  });

  const eventRows = async () => (await database.pool.query({ name: 'test.events', text: 'SELECT FROM events' })).rowCount;

  test('rejects at once with `inbox.unavailable` when it is stopped, and takes deliveries again once it is back', async () => {
    const inbox = createInbox({ pool: database.pool, log: silentLog });
    await Promise.all(Array.from({ length: 10 }, () => inbox.add(makeDelivery())));
    await postgres.close();
    const asked = performance.now();
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => inbox.add(makeDelivery())));
    expect(performance.now() - asked).toBeLessThan(2_000);
    expect(results).toMatchObject(Array.from({ length: 50 }, () => ({ status: 'rejected', reason: { code: 'inbox.unavailable' } })));
    expect(inbox.waiting()).toBe(0);

    postgres = await startPostgres({ dataDir: folder, port: postgres.port, log: silentLog });
    expect(await inbox.add(makeDelivery())).toMatchObject([{ outcome: 'accepted' }]);
    await inbox.close();
    expect(await eventRows()).toBe(11);
  });

  test('keeps what it has acknowledged when PostgreSQL is killed in the middle of it', async () => {
    const inbox = createInbox({ pool: database.pool, log: silentLog });
    const before = await eventRows();
    const acknowledged: string[] = [];
    let killed = false;
    const adding = Array.from({ length: 8 }, async () => {
      for (let alive = true; alive;) {
        await inbox.add(makeDelivery()).then(
          ([outcome]) => acknowledged.push(outcome?.eventUuid ?? ''),
          () => (alive = false),
        );
        if (acknowledged.length >= 200 && !killed) killed = process.kill(postgres.pid, 'SIGKILL');
      }
    });
    await Promise.all(adding);
    await postgres.died;
    await inbox.close();

    postgres = await startPostgres({ dataDir: folder, port: postgres.port, log: silentLog });
    const { rows } = await database.pool.query<{ readonly uuid: string }>({
      name: 'test.kept',
      text: 'SELECT uuid FROM events WHERE uuid = ANY ($1)',
      values: [acknowledged],
    });
    expect(rows).toHaveLength(acknowledged.length);
    expect(await eventRows()).toBeGreaterThanOrEqual((before ?? 0) + 200);
  });

  test('lets nobody wait longer than the limit when it is silent', async () => {
    const inbox = createInbox({ pool: database.pool, log: silentLog, maxWaitMs: 300 });
    const { rows } = await database.pool.query<{ readonly pid: number }>({ name: 'test.pids', text: 'SELECT pid FROM pg_stat_activity' });
    const signal = (name: 'SIGSTOP' | 'SIGCONT'): void =>
      [postgres.pid, ...rows.map(({ pid }) => pid)].forEach((pid) => process.kill(pid, name));
    signal('SIGSTOP');
    try {
      const results = await Promise.allSettled(Array.from({ length: 20 }, () => inbox.add(makeDelivery())));
      expect(results).toMatchObject(Array.from({ length: 20 }, () => ({ status: 'rejected', reason: { code: 'inbox.unavailable' } })));
      expect(inbox.waiting()).toBe(0);
    } finally {
      signal('SIGCONT');
    }
    expect(await inbox.add(makeDelivery())).toMatchObject([{ outcome: 'accepted' }]);
    await inbox.close();
  });
});
