import { afterAll, beforeAll, expect, test } from 'vitest';
import { createInbox } from '../../src/store/inbox.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';
import { makeDelivery, type EventWish } from './make-delivery.ts';

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createDatabase();
  store = createStore({ pool: database.pool });
  await add('shop', { eventId: 'a1', chains: ['new-order', 'invoice'] });
  await add('erp', { eventId: 'b1', entity: { type: 'order', id: 'erp:7' } });
  await add('erp', { eventId: 'b2', entity: { type: 'order', id: 'erp:8' } });
  await database.pool.query({ name: 'test.fail', text: `UPDATE runs SET state = 'failed', code = 'chain.bug' WHERE chain = 'invoice'` });
});
afterAll(() => database.close());

const add = async (source: string, event: EventWish): Promise<void> => {
  const inbox = createInbox({ pool: database.pool, log: silentLog });
  await inbox.add(makeDelivery({ source, body: event.eventId, events: [event] }));
  await inbox.close();
};
const listed = async (filter: Omit<Parameters<Store['runs']['list']>[0], 'limit'>, limit = 10): Promise<readonly string[]> =>
  (await store.runs.list({ ...filter, limit })).map(({ source, eventId, chain }) => `${source} ${eventId} ${chain}`);

test('runs are listed with their event, that of the newest first, at most so many', async () => {
  expect(await listed({})).toEqual(['erp b2 new-order', 'erp b1 new-order', 'shop a1 invoice', 'shop a1 new-order']);
  expect(await listed({}, 2)).toEqual(['erp b2 new-order', 'erp b1 new-order']);
});

test('runs are narrowed by source, chain, state, code and receipt', async () => {
  expect(await listed({ source: 'shop' })).toHaveLength(2);
  expect(await listed({ chain: 'new-order', source: 'shop' })).toEqual(['shop a1 new-order']);
  expect(await listed({ state: 'failed' })).toEqual(['shop a1 invoice']);
  expect(await listed({ code: 'chain.bug' })).toEqual(['shop a1 invoice']);
  expect(await listed({ code: 'effect.unknown' })).toEqual([]);
  expect(await listed({ since: new Date(Date.now() + 60_000) })).toEqual([]);
});

test('a run is found by its workflow id', async () => {
  expect(await store.runs.find('shop.a1.invoice')).toMatchObject({ source: 'shop', eventId: 'a1', chain: 'invoice', state: 'failed' });
  expect(await store.runs.find('shop.a1')).toBeUndefined();
});

test('events are listed by the entity that they name', async () => {
  const list = await store.events.list({ entity: { type: 'order', id: 'erp:7' }, limit: 10 });
  expect(list.map(({ eventId }) => eventId)).toEqual(['b1']);
  expect(await store.events.list({ entity: { type: 'customer', id: 'erp:7' }, limit: 10 })).toEqual([]);
});
