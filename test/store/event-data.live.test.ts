import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEventData, rewriteEventData } from '../../src/store/event-data.ts';
import { createEvents } from '../../src/store/events.ts';
import type { Events } from '../../src/store/events.ts';
import { createInbox } from '../../src/store/inbox.ts';
import type { Inbox } from '../../src/store/inbox.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';
import { makeDelivery, randomId } from './make-delivery.ts';
import type { EventWish } from './make-delivery.ts';

describe('what an event says', () => {
  let database: TestDatabase;
  let inbox: Inbox;
  let events: Events;
  beforeAll(async () => {
    database = await createDatabase();
    inbox = createInbox({ pool: database.pool, log: silentLog });
    events = createEvents({ pool: database.pool });
  });
  afterAll(async () => {
    await inbox.close();
    await database.close();
  });

  const add = async (wish: Partial<EventWish>, sameBody?: 'flag'): Promise<string> => {
    const delivery = makeDelivery({ events: [{ eventId: randomId(), ...wish }] });
    const [outcome] = await inbox.add({ ...delivery, sameBody, events: delivery.events.map((event) => ({ ...event, idUnsigned: true })) });
    return outcome?.eventUuid ?? '';
  };
  const get = async (uuid: string) => (await events.get(uuid))?.event;
  const isNull = async (uuid: string): Promise<boolean | undefined> => {
    const text = 'SELECT data IS NULL AS gone FROM events WHERE uuid = $1';
    return (await database.pool.query<{ readonly gone: boolean }>({ name: 'test.isNull', text, values: [uuid] })).rows[0]?.gone;
  };

  test('is kept with the version of its schema, also where its body is looked for under other ids', async () => {
    const [plain, guarded, raw] = await Promise.all([
      add({ schemaVersion: 7 }),
      add({ schemaVersion: 8 }, 'flag'),
      add({ schemaVersion: null, data: { any: 1 } }),
    ]);
    expect((await get(plain))?.schemaVersion).toBe(7);
    expect((await get(guarded))?.schemaVersion).toBe(8);
    expect(await get(raw)).toMatchObject({ schemaVersion: null, data: { any: 1 } });
  });

  test('is read as long as it is there', async () => {
    const uuid = await add({});
    expect(await readEventData(database.pool, uuid)).toEqual({ type: 'order.created', entityId: 'shop:1', data: { number: '1' } });
    await database.pool.session((session) => session.run(`UPDATE events SET data = NULL WHERE uuid = '${uuid}'`));
    expect(await readEventData(database.pool, uuid)).toBeUndefined();
  });

  test("is JSON's null where a raw payload is, which does not say that it is gone", async () => {
    const [routed, ignored] = await Promise.all([
      add({ data: null, schemaVersion: null }),
      add({ data: null, schemaVersion: null, state: 'ignored' }),
    ]);
    expect([await isNull(routed), await isNull(ignored)]).toEqual([false, true]);
  });

  test('changes with its version when the event is routed anew, and not any more once its body is gone', async () => {
    const uuid = await add({ state: 'ignored', data: null, schemaVersion: null });
    const [read] = makeDelivery({ events: [{ eventId: 'any', data: { number: '2' }, schemaVersion: 3 }] }).events;
    if (read === undefined) throw new Error('a delivery has an event');
    await database.pool.session((session) => session.run('UPDATE deliveries SET body = NULL'));
    expect(await events.reroute(uuid, { ...read, routes: [] })).toBe(false);
    expect(await get(uuid)).toMatchObject({ state: 'ignored', data: null, bodyGone: true });
    await database.pool.session((session) => session.run(`UPDATE deliveries SET body = 'x'`));
    expect(await events.reroute(uuid, { ...read, routes: [] })).toBe(true);
    expect(await get(uuid)).toMatchObject({ state: 'routed', data: { number: '2' }, schemaVersion: 3, bodyGone: false });
  });

  test('is written anew for a routed event alone, and never where it is gone', async () => {
    const projected = { data: { number: '3' }, schemaVersion: 2 };
    const [routed, held] = await Promise.all([add({}), add({ state: 'held' })]);
    expect(await rewriteEventData(database.pool, { uuid: routed, ...projected })).toBe(true);
    expect(await get(routed)).toMatchObject(projected);
    expect(await rewriteEventData(database.pool, { uuid: held, ...projected })).toBe(false);
    await database.pool.session((session) => session.run(`UPDATE events SET data = NULL WHERE uuid = '${routed}'`));
    expect(await rewriteEventData(database.pool, { uuid: routed, ...projected })).toBe(false);
    expect(await get(routed)).toMatchObject({ data: null });
  });
});
