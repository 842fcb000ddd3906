import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createReadHeld } from '../../src/ingress/read-held.ts';
import { createReleaser, type Releaser } from '../../src/ingress/releaser.ts';
import { releaseEvent } from '../../src/ingress/release-event.ts';
import type { Log, LogFields } from '../../src/contracts/names.ts';
import { createInbox } from '../../src/store/inbox.ts';
import { transaction } from '../../src/store/pool.ts';
import { createStore } from '../../src/store/store.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';
import { orderOf } from '../support/system.ts';
import { makeDelivery } from '../store/make-delivery.ts';
import { SHOP } from './ingress-fixture.ts';

let database: TestDatabase;
let releaser: Releaser | undefined;
const lines: { readonly message: string; readonly fields: LogFields }[] = [];
const write = (fields: LogFields, message: string): void => void lines.push({ message, fields });
const log: Log = { debug: write, info: write, warn: write, error: write };
const now = (): Date => new Date();
const read = createReadHeld({ sources: [SHOP], now, onThrown: (_uuid, error) => expect.unreachable(String(error)) });
let nudges = 0;

beforeAll(async () => {
  database = await createDatabase();
});
afterEach(async () => {
  await releaser?.close();
  lines.splice(0);
});
afterAll(() => database.close());

const run = (sql: string) => database.pool.session((session) => session.run(sql));
const hold = async (source = 'shop'): Promise<string> => {
  const id = randomUUID();
  const inbox = createInbox({ pool: database.pool, log: silentLog });
  const [outcome] = await inbox.add(
    makeDelivery({ source, body: JSON.stringify(orderOf(id)), events: [{ eventId: id, state: 'held', code: 'event.held' }] }),
  );
  await inbox.close();
  return outcome?.eventUuid ?? '';
};
const start = (batch?: number): void => {
  const starter = { nudge: () => void (nudges += 1) };
  releaser = createReleaser({ pool: database.pool, switches: () => [], read, starter, log, now, everyMs: 20, batch });
};
const eventOf = async (uuid: string) => (await createStore({ pool: database.pool }).events.get(uuid))?.event;
const statesOf = async (uuids: readonly string[]) => Promise.all(uuids.map(async (uuid) => (await eventOf(uuid))?.state));

test('a releaser goes through batch after batch at once, with a line for each, and wakes the starter', async () => {
  const uuids: string[] = [];
  for (let one = 0; one < 5; one += 1) uuids.push(await hold());
  start(2);
  await expect.poll(() => statesOf(uuids), { timeout: 5_000, interval: 20 }).toEqual(uuids.map(() => 'routed'));
  expect(lines).toEqual(
    [2, 2, 1].map((count) => ({ message: 'held events released', fields: { component: 'releaser', count, quarantined: 0 } })),
  );
  expect(nudges).toBe(3);
});

test('a releaser tells of what it has quarantined, and is not held up by it', async () => {
  const [gone, good] = [await hold('gone'), await hold()];
  start();
  await expect.poll(() => statesOf([gone, good]), { timeout: 5_000, interval: 20 }).toEqual(['quarantined', 'routed']);
  expect(await eventOf(gone)).toMatchObject({ code: 'source.unknown', detail: 'the settings no longer have the source `gone`' });
  expect(lines).toMatchObject([{ fields: { count: 2, quarantined: 1 } }]);
});

test('a releaser that cannot reach the rows says so once, and goes on when it can', async () => {
  const uuid = await hold();
  await run('ALTER TABLE switches RENAME TO switches_away');
  start();
  await expect.poll(() => lines.length, { timeout: 5_000, interval: 20 }).toBe(1);
  await expect.poll(async () => failures(), { timeout: 5_000, interval: 20 }).toBeGreaterThan(2);
  await run('ALTER TABLE switches_away RENAME TO switches');
  await expect.poll(() => statesOf([uuid]), { timeout: 5_000, interval: 20 }).toEqual(['routed']);
  expect(lines.map(({ message }) => message)).toEqual(['held events cannot be released now; it is tried again', 'held events released']);

  /** Transactions of this database that were rolled back. */
  async function failures(): Promise<number> {
    const text = 'SELECT xact_rollback::int AS failed FROM pg_stat_database WHERE datname = current_database()';
    const { rows } = await database.pool.query<{ readonly failed: number }>({ name: 'test.failures', text });
    return rows[0]?.failed ?? 0;
  }
});

test('one event is released for a person, read anew from its bytes, and only where it is held', async () => {
  const [uuid, unread] = [await hold(), await hold()];
  await run(`UPDATE deliveries SET body = NULL WHERE id = (SELECT delivery_id FROM events WHERE uuid = '${unread}')`);
  const release = (asked: string) => transaction(database.pool, (tx) => releaseEvent(tx, { uuid: asked, read }));
  expect(await release(uuid)).toMatchObject({ did: 'released', event: { uuid, state: 'routed', code: null } });
  expect(await release(uuid)).toEqual({ did: 'nothing', state: 'routed' });
  expect(await release(unread)).toMatchObject({ did: 'released', event: { state: 'quarantined', code: 'event.bodyGone' } });
  expect(await release(randomUUID())).toEqual({ did: 'nothing', state: null });
});
