import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toEventId, toWorkflowId } from '../../src/contracts/ids.ts';
import type { InboxDelivery } from '../../src/contracts/inbox.ts';
import { createInbox } from '../../src/store/inbox.ts';
import { createStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';
import { makeDelivery, randomId } from './make-delivery.ts';
import type { DeliveryWish } from './make-delivery.ts';

describe('the store, as people ask it', () => {
  let database: TestDatabase;
  let store: Store;

  beforeAll(async () => {
    database = await createDatabase();
    store = createStore({ pool: database.pool });
  });
  afterAll(() => database.close());

  const receive = async (wish: DeliveryWish): Promise<InboxDelivery> => {
    const inbox = createInbox({ pool: database.pool, log: silentLog });
    const delivery = makeDelivery(wish);
    await inbox.add(delivery);
    await inbox.close();
    return delivery;
  };

  test('shows an event with its runs, effects and every delivery of it', async () => {
    const eventId = randomId();
    const first = await receive({ source: 'whole', body: 'first', events: [{ eventId, chains: ['new-order', 'notify'] }] });
    const second = await receive({ source: 'whole', body: 'second', events: [{ eventId: randomId() }, { eventId }] });
    const uuid = first.events[0]?.uuid ?? '';
    await database.pool.query({
      name: 'test.effect',
      text: `INSERT INTO effects (event_uuid, ledger, action, key, round, state, attempt, run_id, result) VALUES ($1, 'new-order', 'email.send', '0', 0, 'done', 1, 'r', '{"id":1}')`,
      values: [uuid],
    });
    const whole = await store.events.get(uuid);
    expect(whole?.event).toMatchObject({
      uuid,
      source: 'whole',
      eventId,
      provider: 'hookline',
      providerId: eventId,
      state: 'routed',
      data: { number: '1' },
      deliveryId: first.id,
      entity: { type: 'order', id: 'shop:1' },
    });
    expect(whole?.runs.map(({ chain }) => chain)).toEqual(['new-order', 'notify']);
    expect(whole?.effects).toMatchObject([{ action: 'email.send', state: 'done', result: { id: 1 }, intendedAt: expect.any(Date) }]);
    expect(whole?.deliveries).toMatchObject([
      { id: first.id, outcome: 'accepted', bodyDiffers: false },
      { id: second.id, outcome: 'accepted', bodyDiffers: true },
    ]);
    expect(await store.deliveries.body(second.id)).toEqual(Buffer.from('second'));
    expect(await store.events.get('00000000-0000-7000-8000-000000000000')).toBeUndefined();
  });

  test('finds an event by its UUID, the beginning of it, its event id, and the id of the provider', async () => {
    const providerId = `gid://shop/Order/${randomId()}`;
    const delivery = await receive({ source: 'find', events: [{ eventId: toEventId(providerId), providerId }] });
    const uuid = delivery.events[0]?.uuid ?? '';
    for (const text of [uuid, uuid.slice(0, 30), uuid.toUpperCase(), providerId, toEventId(providerId)]) {
      expect((await store.events.find(text)).map((event) => event.uuid)).toEqual([uuid]);
    }
    for (const text of ['', 'no such event', "'; DROP TABLE events", '0', '%', 'a\0b']) expect(await store.events.find(text)).toEqual([]);
  });

  test('lists events by source, type, state, the state of a run and time, page by page', async () => {
    const source = 'list';
    const before = new Date();
    const [routed, other, ignored] = [randomId(), randomId(), randomId()];
    await receive({ source, events: [{ eventId: routed }] });
    await receive({ source, events: [{ eventId: other, type: 'hookline:ping' }] });
    await receive({ source, events: [{ eventId: ignored, state: 'ignored' }] });
    const ids = async (filter: Partial<Parameters<Store['events']['list']>[0]>) =>
      (await store.events.list({ source, limit: 10, ...filter })).map(({ eventId }) => eventId);
    expect(await ids({})).toEqual([ignored, other, routed]);
    expect(await ids({ type: 'hookline:ping' })).toEqual([other]);
    expect(await ids({ state: 'ignored' })).toEqual([ignored]);
    expect(await ids({ runState: 'pending' })).toEqual([other, routed]);
    expect(await ids({ runState: 'done' })).toEqual([]);
    expect(await ids({ since: before })).toHaveLength(3);
    expect(await ids({ since: new Date(Date.now() + 1_000) })).toEqual([]);
    const page = await store.events.list({ source, limit: 2 });
    expect(await ids({ before: page[1]?.uuid })).toEqual([routed]);
    expect(page[1]?.runs).toEqual([{ chain: 'new-order', state: 'pending', attempt: 1, code: null, workflowId: `${source}.${other}` }]);
  });

  test('lists deliveries by source, outcome and time, page by page', async () => {
    const source = 'deliveries';
    const eventId = randomId();
    const accepted = await receive({ source, events: [{ eventId }] });
    const duplicate = await receive({ source, events: [{ eventId }] });
    const ids = async (filter: Partial<Parameters<Store['deliveries']['list']>[0]>) =>
      (await store.deliveries.list({ source, limit: 10, ...filter })).map(({ id }) => id);
    expect(await ids({})).toEqual([duplicate.id, accepted.id]);
    expect(await ids({ outcome: 'duplicate' })).toEqual([duplicate.id]);
    expect(await ids({ before: duplicate.id })).toEqual([accepted.id]);
    expect(await ids({ since: new Date(Date.now() + 1_000) })).toEqual([]);
    expect(await store.deliveries.find(accepted.id.slice(0, 30))).toMatchObject([
      { id: accepted.id, eventIds: [eventId], headers: [['x-id', 'a']], secretIndex: 0 },
    ]);
    expect(await store.deliveries.find('accepted')).toEqual([]);
  });

  test.each(['ignored', 'held', 'quarantined'] as const)(
    'routes an event that was %s once it is interpreted anew, and only once',
    async (state) => {
      const eventId = randomId();
      const source = 'reroute';
      const delivery = await receive({ source, events: [{ eventId, state, data: null, code: 'event.schemaMismatch', detail: 'x' }] });
      const uuid = delivery.events[0]?.uuid ?? '';
      const [again] = makeDelivery({ source, events: [{ eventId, data: { number: '2' }, chains: ['new-order', 'notify'] }] }).events;
      if (again === undefined) throw new Error('makeDelivery makes at least one event');
      expect(await Promise.all([store.events.reroute(uuid, again), store.events.reroute(uuid, again)])).toContain(true);
      expect(await store.events.reroute(uuid, again)).toBe(false);
      const whole = await store.events.get(uuid);
      expect(whole?.event).toMatchObject({ state: 'routed', code: null, detail: null, data: { number: '2' }, deliveryId: delivery.id });
      expect(whole?.runs.map(({ workflowId }) => workflowId)).toEqual(
        ['new-order', 'notify'].map((chain) => toWorkflowId(source, eventId, chain)),
      );
    },
  );

  test('sets and lists stock', async () => {
    await store.stock.set([
      { sku: 'b', available: 2 },
      { sku: 'a', available: 1 },
    ]);
    await store.stock.set([{ sku: 'b', available: 0 }]);
    expect(await store.stock.list()).toEqual([
      { sku: 'a', available: 1 },
      { sku: 'b', available: 0 },
    ]);
  });
});
