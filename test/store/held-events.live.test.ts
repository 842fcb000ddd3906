import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { InterpretedEvent } from '../../src/contracts/inbox.ts';
import { FIRST_EVENT, releaseHeld, releaseHeldOne } from '../../src/store/held-events.ts';
import type { HeldEvent, ReadHeld } from '../../src/store/held-events.ts';
import { createInbox } from '../../src/store/inbox.ts';
import { transaction, type Queryable } from '../../src/store/pool.ts';
import { rerouteEvents } from '../../src/store/reroute-events.ts';
import { createStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { clearSwitch, setSwitch, type Switch } from '../../src/store/switches.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';
import { makeDelivery, randomId } from './make-delivery.ts';
import type { DeliveryWish } from './make-delivery.ts';

const HOLD_ALL: Switch = { verb: 'hold', kind: 'all', name: '*' };
const HOLD_SHOP: Switch = { verb: 'hold', kind: 'source', name: 'shop' };

describe('held events', () => {
  let database: TestDatabase;
  let store: Store;

  beforeAll(async () => {
    database = await createDatabase();
    store = createStore({ pool: database.pool });
  });
  beforeEach(() => run('TRUNCATE events, runs, deliveries, switches CASCADE'));
  afterAll(() => database.close());

  const run = (sql: string) => database.pool.session((session) => session.run(sql));
  const set = (one: Switch) => setSwitch(database.pool, one, { by: 'anna', reason: null });
  /** Takes one delivery, of which all events are held, and resolves to their ids. */
  const hold = async (eventIds: readonly string[] = [randomId()], wish: Omit<DeliveryWish, 'events'> = {}): Promise<readonly string[]> => {
    const inbox = createInbox({ pool: database.pool, log: silentLog });
    const events = eventIds.map((eventId) => ({ eventId, state: 'held', code: 'event.held', detail: 'why' }) as const);
    await inbox.add(makeDelivery({ ...wish, events }));
    await inbox.close();
    return eventIds;
  };
  const holdMany = async (count: number): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (let one = 0; one < count; one += 1) ids.push(...(await hold()));
    return ids;
  };
  const release = (read: ReadHeld = readRouted, { limit = 100, after = FIRST_EVENT } = {}) =>
    releaseHeld(database.pool, { after, limit, read });
  /** Event ids by the order of their runs. */
  const started = async (): Promise<readonly string[]> =>
    (await store.runs.claim({ owner: randomUUID(), limit: 1_000, leaseMs: 60_000 })).map(({ event }) => event.id);
  const stateOf = async (eventId: string) => (await store.events.find(eventId))[0];

  test('are routed by what they are read as, in order of receipt', async () => {
    const ids = await holdMany(5);
    const { released } = await release();
    expect(released.map(({ eventId, state }) => [eventId, state])).toEqual(ids.map((id) => [id, 'routed']));
    expect(await started()).toEqual(ids);
    expect(await stateOf(ids[0] ?? '')).toMatchObject({ state: 'routed', code: null, detail: null });
    expect(await release()).toEqual({ released: [], last: null });
  });

  test('are read from the bytes and headers that had come', async () => {
    const seen: HeldEvent[] = [];
    const [id] = await hold(['evt_1'], { body: '{"order":7}', headers: [['x-topic', 'orders']] });
    await release((held) => (seen.push(held), readRouted(held)));
    expect(seen).toMatchObject([{ source: 'shop', eventId: id, headers: [['x-topic', 'orders']], receivedAt: expect.any(Date) }]);
    expect(Buffer.from(seen[0]?.body ?? []).toString()).toBe('{"order":7}');
  });

  test('of one delivery keep the order in which they stood in it', async () => {
    const ids = await hold(Array.from({ length: 20 }, randomId));
    await release();
    expect(await started()).toEqual(ids);
  });

  test('go on batch by batch where the last one ended', async () => {
    const ids = await holdMany(5);
    const first = await release(readRouted, { limit: 2 });
    const second = await release(readRouted, { limit: 2, after: first.last ?? '' });
    expect([first, second].map(({ released }) => released.map(({ eventId }) => eventId))).toEqual([ids.slice(0, 2), ids.slice(2, 4)]);
  });

  test('are not taken all at once where their bodies are large, and a larger one goes by itself', async () => {
    const body = Buffer.alloc(9 * 1024 * 1024, ' ');
    for (const id of ['a', 'b']) await hold([id], { body });
    await hold(['c'], { body: Buffer.alloc(17 * 1024 * 1024, ' ') });
    const sizes: string[][] = [];
    for (let after: string | null = FIRST_EVENT; after !== null;) {
      const { released, last } = await release(readRouted, { after });
      if (released.length > 0) sizes.push(released.map(({ eventId }) => eventId));
      after = last;
    }
    expect(sizes).toEqual([['a'], ['b'], ['c']]);
  });

  test('stay while everything is held', async () => {
    await hold();
    await set(HOLD_ALL);
    expect(await release()).toEqual({ released: [], last: null });
    await clearSwitch(database.pool, HOLD_ALL);
    expect((await release()).released).toHaveLength(1);
  });

  test('stay while their source is held, and those of others do not', async () => {
    await hold(['evt_shop']);
    await hold(['evt_erp'], { source: 'erp' });
    await set(HOLD_SHOP);
    expect((await release()).released.map(({ eventId }) => eventId)).toEqual(['evt_erp']);
    expect(await stateOf('evt_shop')).toMatchObject({ state: 'held' });
  });

  test('are shared among processes: what one has taken, the other passes over', async () => {
    const ids = await holdMany(6);
    const taken = await transaction(database.pool, async (tx) => {
      await tx.run(`SELECT 1 FROM events WHERE event_id IN ('${ids[0]}', '${ids[1]}') FOR UPDATE`);
      return release(readRouted, { limit: 4 });
    });
    expect(taken.released.map(({ eventId }) => eventId)).toEqual(ids.slice(2));
    const both = await Promise.all([release(), release()]);
    expect(both.flatMap(({ released }) => released.map(({ eventId }) => eventId)).toSorted()).toEqual(ids.slice(0, 2).toSorted());
  });

  test('are quarantined with the reason where they can no longer be read', async () => {
    const [bad = '', good = ''] = await holdMany(2);
    await release((held) =>
      held.eventId === bad ? { ok: false, code: 'source.unknown', detail: 'the settings no longer have it' } : readRouted(held),
    );
    expect(await stateOf(bad)).toMatchObject({ state: 'quarantined', code: 'source.unknown', detail: 'the settings no longer have it' });
    expect(await started()).toEqual([good]);
  });

  test('tell that their body is gone', async () => {
    await hold(['evt_1']);
    await run('UPDATE deliveries SET body = NULL');
    const bodies: unknown[] = [];
    await release((held) => (bodies.push(held.body), { ok: false, code: 'event.bodyGone', detail: 'gone' }));
    await hold(['evt_2']);
    await run('DELETE FROM deliveries');
    await release((held) => (bodies.push(held.body), { ok: false, code: 'event.bodyGone', detail: 'gone' }));
    expect(bodies).toEqual([null, null]);
  });

  test('that PostgreSQL will not have are quarantined, and keep no other back', async () => {
    const [first = '', guilty = '', last = ''] = await holdMany(3);
    const { released } = await release((held) => {
      const read = readRouted(held);
      return held.eventId === guilty && read.ok ? { ok: true, event: { ...read.event, providerType: 'a\0b' } } : read;
    });
    expect(released.map(({ state, failure }) => [state, failure !== undefined])).toEqual([
      ['routed', false],
      ['quarantined', true],
      ['routed', false],
    ]);
    expect(await stateOf(guilty)).toMatchObject({ state: 'quarantined', code: 'bug.unexpected' });
    expect(await started()).toEqual([first, last]);
    expect((await release()).last).toBeNull();
  });

  test('stay held where the process ends in the middle of a batch', async () => {
    const ids = await holdMany(3);
    const broken = release((held) => {
      if (held.eventId === ids[2]) throw new Error('the process is gone');
      return readRouted(held);
    });
    await expect(broken).rejects.toThrow('the process is gone');
    expect((await release()).released.map(({ eventId }) => eventId)).toEqual(ids);
  });

  test('can be released one by one, whatever holds cover them, inside the transaction of whoever asks', async () => {
    const [uuid] = await holdMany(1).then(([id = '']) => store.events.find(id).then(([event]) => [event?.uuid ?? '']));
    await set(HOLD_ALL);
    const one = (asked: string) => transaction(database.pool, (tx) => releaseHeldOne(tx, { uuid: asked, read: readRouted }));
    const undone = transaction(database.pool, async (tx) => {
      await releaseHeldOne(tx, { uuid: uuid ?? '', read: readRouted });
      throw new Error('and what belongs to it failed');
    });
    await expect(undone).rejects.toThrow('and what belongs to it failed');
    expect(await one(uuid ?? '')).toMatchObject({ state: 'routed', uuid });
    expect(await one(uuid ?? '')).toEqual({ notHeld: 'routed' });
    expect(await one(randomUUID())).toEqual({ notHeld: null });
    expect(await started()).toEqual([]);
    await clearSwitch(database.pool, HOLD_ALL);
    expect(await started()).toHaveLength(1);
  });

  test('that two people release at once are released by one of them, and the other is told what has become of it', async () => {
    const [id = ''] = await hold();
    const uuid = (await stateOf(id))?.uuid ?? '';
    const one = (tx: Queryable) => releaseHeldOne(tx, { uuid, read: readRouted });
    const [first, second] = await transaction(database.pool, async (tx) => {
      const released = await one(tx);
      const other = transaction(database.pool, one);
      await expect.poll(waitsForLock).toBe(true);
      return [released, { other }] as const; // not awaited in here: it waits for this commit
    });
    expect(first).toMatchObject({ state: 'routed', uuid });
    expect(await second.other).toEqual({ notHeld: 'routed' });
    expect(await started()).toEqual([id]);
  });

  test('that have been routed meanwhile keep their routes: nothing writes them anew', async () => {
    const [id = ''] = await hold();
    await release();
    const uuid = (await stateOf(id))?.uuid ?? '';
    const reading = readRouted({ uuid, source: 'shop', eventId: id, receivedAt: new Date(), headers: [], body: null });
    if (!reading.ok) throw new Error('expected an event');
    const event: InterpretedEvent = {
      ...reading.event,
      type: 'other',
      routes: [{ chain: 'other', ledger: 'other', workflowId: 'shop.other' }],
    };
    expect(await rerouteEvents(database.pool, [{ uuid, event }])).toEqual(new Set());
    expect(await stateOf(id)).toMatchObject({ state: 'routed', type: 'order.created' });
    expect(await started()).toEqual([id]);
  });

  /** Whether a statement of this database waits for a lock. */
  async function waitsForLock(): Promise<boolean> {
    const text = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return ((await database.pool.query({ name: 'test.waits', text })).rowCount ?? 0) > 0;
  }
});

/** An event of chain `new-order`, as the interpreter would say. */
function readRouted({ source, eventId }: HeldEvent): ReturnType<ReadHeld> {
  const event: InterpretedEvent = {
    eventId,
    providerId: eventId,
    providerType: 'order.created',
    type: 'order.created',
    entity: { type: 'order', id: 'shop:1' },
    occurredAt: new Date(),
    test: false,
    state: 'routed',
    code: null,
    detail: null,
    data: { number: '1' },
    schemaVersion: 1,
    routes: [{ chain: 'new-order', ledger: 'new-order', workflowId: `${source}.${eventId}` }],
  };
  return { ok: true, event };
}
