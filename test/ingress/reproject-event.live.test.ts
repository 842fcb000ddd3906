import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonValue } from '../../src/contracts/json.ts';
import type { Source } from '../../src/contracts/webhook.ts';
import { defineEvent, type EventDefinition } from '../../src/events/define-event.ts';
import { createInterpreter } from '../../src/ingress/interpret.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import { reprojectEvent } from '../../src/ingress/reproject-event.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import { readWholeEvent, type WholeEvent } from '../../src/store/events.ts';
import { createInbox } from '../../src/store/inbox.ts';
import type { Inbox } from '../../src/store/inbox.ts';
import { makeDelivery, randomId } from '../store/make-delivery.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';

const SOURCE: Source = { name: 'shop', provider: 'hookline', secrets: ['s'], options: {} };

const textOf = (payload: JsonValue): JsonValue => (payload as { readonly text: JsonValue }).text; // the schema judges it

/** The type as it was, as it is, as it has become too strict for what came before, and the same payload as an event of another type. */
const first = defineEvent({
  type: 'order.created',
  schema: z.object({ text: z.string() }),
  entity: () => ({ type: 'order', id: 'shop:1' }),
  from: { hookline: { note: (payload) => ({ text: textOf(payload) }) } },
});
const second = defineEvent({
  type: 'order.created',
  version: 2,
  schema: z.object({ words: z.array(z.string()) }),
  entity: () => ({ type: 'order', id: 'shop:2' }),
  from: { hookline: { note: (payload) => ({ words: [textOf(payload)] }) } },
});
const strict = { ...first, version: 3, schema: z.object({ text: z.string().min(100) }) };
const elsewhere = [
  { ...second, from: {} },
  { ...second, type: 'note.written' },
];

describe('an event that is to be started again', () => {
  let database: TestDatabase;
  let inbox: Inbox;
  beforeAll(async () => {
    database = await createDatabase();
    inbox = createInbox({ pool: database.pool, log: silentLog });
  });
  afterAll(async () => {
    await inbox.close();
    await database.close();
  });

  /** Takes a note with the first schema, and a chain for it. */
  const take = async (): Promise<WholeEvent> => {
    const body = Buffer.from(JSON.stringify({ event_id: randomId(), event_type: 'note', data: { text: 'hello', secret: 'x' } }));
    const interpret = createInterpreter({ providers, events: [first], chains: [{ name: 'new-order', on: 'order.created' }] });
    const read = interpret({ headers: toDeliveryHeaders([]), body, receivedAt: new Date() }, SOURCE);
    if (!read.ok) throw new Error(read.detail);
    const [outcome] = await inbox.add(makeDelivery({ body, headers: [], events: read.events }));
    return whole(outcome?.eventUuid ?? '');
  };
  const whole = async (uuid: string): Promise<WholeEvent> => {
    const found = await readWholeEvent(database.pool, uuid);
    if (found === undefined) throw new Error('no such event');
    return found;
  };
  const reproject = (
    { event }: Pick<WholeEvent, 'event'>,
    definition: EventDefinition | readonly EventDefinition[],
    source: Partial<Source> = {},
  ) => reprojectEvent({ db: database.pool, event, sources: [{ ...SOURCE, ...source }], now: new Date(), events: [definition].flat() });
  const run = (sql: string) => database.pool.session((session) => session.run(sql));

  test('has its data projected anew by a newer version of the schema, and nothing else changed', async () => {
    const before = await take();
    expect(before.event).toMatchObject({ schemaVersion: 1, data: { text: 'hello' }, bodyGone: false });
    expect(await reproject(before, second)).toEqual({
      did: 'projected',
      from: 1,
      to: 2,
      note: 'its data are projected anew, by version 2 of the schema in place of version 1',
    });
    const after = await whole(before.event.uuid);
    expect(after).toEqual({ ...before, event: { ...before.event, schemaVersion: 2, data: { words: ['hello'] } } });
    expect(await reproject(after, second)).toEqual({ did: 'nothing' });
  });

  test('counts as projected by the first version where it was stored before there were versions', async () => {
    const before = await take();
    await run(`UPDATE events SET schema_version = NULL WHERE uuid = '${before.event.uuid}'`);
    const stored = await whole(before.event.uuid);
    expect(await reproject(stored, first)).toEqual({ did: 'nothing' });
    expect(await reproject(stored, second)).toMatchObject({ did: 'projected', from: 1, to: 2 });
  });

  test("asks neither the source's lists, nor whether a chain still wants it", async () => {
    expect(await reproject(await take(), second, { exclude: ['order.created'] })).toMatchObject({ did: 'projected' });
  });

  test('keeps its data as they are where the body is gone, and says so', async () => {
    const { event } = await take();
    await run(`UPDATE deliveries SET body = NULL WHERE id = '${event.deliveryId}'`);
    const stored = await whole(event.uuid);
    expect(stored.event.bodyGone).toBe(true);
    expect(await reproject(stored, second)).toEqual({
      did: 'kept',
      code: 'event.bodyGone',
      note: 'its body is no longer kept: its data stay those of version 1 of the schema, and the code has version 2',
    });
    expect(await whole(event.uuid)).toEqual(stored);
  });

  test('is refused where body and data are gone, also when they go at that very moment', async () => {
    const seen = await take();
    await run(`UPDATE events SET data = NULL WHERE uuid = '${seen.event.uuid}'`);
    const refused = { did: 'refused', code: 'event.bodyGone', reason: 'event.bodyGone: the body of the event is no longer kept' };
    expect(await reproject(seen, second)).toEqual(refused);
    await run(`UPDATE deliveries SET body = NULL WHERE id = '${seen.event.deliveryId}'`);
    expect(await reproject(await whole(seen.event.uuid), first)).toEqual(refused);
  });

  test.each<[string, EventDefinition | readonly EventDefinition[], string]>([
    [
      'the newer schema does not take it',
      strict,
      'the newer schema does not take it: event.schemaMismatch: /text: Too small: expected string to have >=100 characters',
    ],
    [
      'its body is an event of another type now',
      elsewhere,
      'its body is read as `note.written` now, and its chains were chosen for `order.created`',
    ],
  ])('is refused, unchanged, where %s', async (_name, definitions, reason) => {
    const before = await take();
    expect(await reproject(before, definitions)).toEqual({ did: 'refused', code: 'event.schemaMismatch', reason });
    expect(await whole(before.event.uuid)).toEqual(before);
  });

  test('is refused where the settings have its source no longer', async () => {
    const reason = 'its data are of an older version, and the settings have no source `shop`';
    expect(await reproject(await take(), second, { name: 'other' })).toEqual({ did: 'refused', code: 'source.unknown', reason });
  });

  test('stays as it is where its type has no schema', async () => {
    const { event } = await take();
    expect(await reproject({ event: { ...event, type: 'hookline:note', schemaVersion: null } } as WholeEvent, second)).toEqual({
      did: 'nothing',
    }); // only the event is read
  });
});
