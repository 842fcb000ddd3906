import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEvents } from '../../src/store/events.ts';
import { createInbox } from '../../src/store/inbox.ts';
import { rerouteEvents } from '../../src/store/reroute-events.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';
import { makeDelivery, randomId } from './make-delivery.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

describe('an ignored event that is read anew', () => {
  test('is routed, unless its body has left: its data have left with it', async () => {
    const inbox = createInbox({ pool: database.pool, log: silentLog });
    const kept = makeDelivery({ events: [{ eventId: randomId(), state: 'ignored' }] });
    const emptied = makeDelivery({ events: [{ eventId: randomId(), state: 'ignored' }] });
    for (const delivery of [kept, emptied]) await inbox.add(delivery);
    await inbox.close();
    await database.pool.query({ name: 'test.empty', text: 'UPDATE deliveries SET body = NULL WHERE id = $1', values: [emptied.id] });

    const rereads = [kept, emptied].flatMap(({ events }) =>
      events.map((event) => ({ uuid: event.uuid, event: { ...event, state: 'routed' as const } })),
    );
    expect(await rerouteEvents(database.pool, rereads)).toEqual(new Set([kept.events[0]?.uuid]));
    const events = createEvents({ pool: database.pool });
    expect((await events.get(emptied.events[0]?.uuid ?? ''))?.event.state).toBe('ignored');
  });
});
