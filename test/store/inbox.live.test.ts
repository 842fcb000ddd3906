import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InboxDelivery } from '../../src/contracts/inbox.ts';
import { createInbox } from '../../src/store/inbox.ts';
import type { Inbox } from '../../src/store/inbox.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';
import { makeDelivery, randomId } from './make-delivery.ts';

describe('the inbox', () => {
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

  const rows = async <Row>(text: string, ...values: readonly unknown[]): Promise<readonly Row[]> =>
    (await database.pool.query<Row>({ name: `test.${text}`.slice(0, 60), text, values })).rows;
  const runsOf = (eventId: string) =>
    rows<{ chain: string; state: string; attempt: number; workflow_id: string }>(
      'SELECT r.chain, r.state, r.attempt, r.workflow_id FROM runs r JOIN events e ON e.uuid = r.event_uuid WHERE e.event_id = $1 ORDER BY r.chain',
      eventId,
    );
  const setRuns = (eventId: string, state: string, code: string | null = null) =>
    rows('UPDATE runs SET state = $2, code = $3 WHERE event_uuid = (SELECT uuid FROM events WHERE event_id = $1)', eventId, state, code);
  const deliveryRow = async (id: string) =>
    (
      await rows<{
        outcome: string;
        event_ids: string[];
        body: Buffer;
        headers: unknown;
        body_differs: boolean;
        cause: string | null;
        http_status: number;
      }>('SELECT outcome, event_ids, body, headers, body_differs, cause, http_status FROM deliveries WHERE id = $1', id)
    )[0];

  /** While two statements are under way, all that arrives is gathered. */
  const inOneStatement = async (deliveries: readonly InboxDelivery[]) => {
    const busy = [inbox.add(makeDelivery()), inbox.add(makeDelivery())];
    const outcomes = await Promise.all(deliveries.map((delivery) => inbox.add(delivery)));
    await Promise.all(busy);
    return outcomes;
  };

  test('makes one event and one run of 50 concurrent copies of a delivery', async () => {
    const eventId = randomId();
    const copies = Array.from({ length: 50 }, () => makeDelivery({ events: [{ eventId }] }));
    const outcomes = (await Promise.all(copies.map((copy) => inbox.add(copy)))).flat();
    expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'duplicate')).toHaveLength(49);
    expect(new Set(outcomes.map(({ eventUuid }) => eventUuid)).size).toBe(1);
    expect(await runsOf(eventId)).toEqual([{ chain: 'new-order', state: 'pending', attempt: 1, workflow_id: `shop.${eventId}` }]);
    const stored = await Promise.all(copies.map(({ id }) => deliveryRow(id)));
    expect(stored.filter((row) => row?.outcome === 'accepted')).toHaveLength(1);
    expect(stored.filter((row) => row?.outcome === 'duplicate')).toHaveLength(49);
    expect(stored.every((row) => row?.event_ids[0] === eventId && !row.body_differs)).toBe(true);
  });

  test('keeps body and headers byte for byte, and data with escapes that text cannot hold', async () => {
    const body = Buffer.from([0, 255, 0xed, 0xa0, 0x80, 34, 92, 10]);
    const headers = [
      ['x-a', 'one "quoted" \\ {},'],
      ['x-a', 'two'],
    ] as const;
    const data = { text: 'a\u0000b', lone: '\ud800', quote: '"\\{}' };
    const delivery = makeDelivery({ body, headers, events: [{ eventId: randomId(), data }] });
    const [outcome] = await inbox.add(delivery);
    const row = await deliveryRow(delivery.id);
    expect(row?.body.equals(body)).toBe(true);
    expect(row?.headers).toEqual(headers);
    expect(await rows('SELECT data FROM events WHERE uuid = $1', outcome?.eventUuid)).toEqual([{ data }]);
  });

  test('gives each delivery of a mixed batch its own outcome', async () => {
    const wishes = [
      { eventId: randomId(), state: 'ignored' },
      { eventId: randomId(), state: 'held' },
      { eventId: randomId(), state: 'quarantined', code: 'event.schemaMismatch', detail: 'at `/total`' },
      { eventId: randomId() },
    ] as const;
    const deliveries = [...wishes, wishes[0]].map((wish) => makeDelivery({ events: [wish] }));
    const outcomes = await inOneStatement(deliveries);
    expect(outcomes.flat().map(({ outcome }) => outcome)).toEqual(['ignored', 'held', 'quarantined', 'accepted', 'duplicate']);
    const stored = await Promise.all(deliveries.map(({ id }) => deliveryRow(id)));
    expect(stored.map((row) => row?.outcome)).toEqual(['ignored', 'held', 'quarantined', 'accepted', 'duplicate']);
    expect(stored.map((row) => row?.cause)).toEqual([null, null, 'event.schemaMismatch', null, null]);
    expect(stored.every((row) => row?.http_status === 200)).toBe(true);
    expect(await runsOf(wishes[1].eventId)).toEqual([]);
  });

  test('keeps the first body, and flags a duplicate with another one', async () => {
    const eventId = randomId();
    const first = makeDelivery({ body: 'first', events: [{ eventId }] });
    const second = makeDelivery({ body: 'second', events: [{ eventId }] });
    const third = makeDelivery({ body: 'first', events: [{ eventId }] });
    // the second meets the first in one statement, the third comes later
    const [, repeated] = await inOneStatement([first, second]);
    const [later] = await inbox.add(third);
    expect(repeated?.[0]).toMatchObject({ outcome: 'duplicate', bodyDiffers: true });
    expect(later).toMatchObject({ outcome: 'duplicate', bodyDiffers: false });
    expect(await rows('SELECT delivery_id FROM events WHERE event_id = $1', eventId)).toEqual([{ delivery_id: first.id }]);
    expect((await deliveryRow(second.id))?.body_differs).toBe(true);
    expect((await deliveryRow(third.id))?.body_differs).toBe(false);
  });

  test('writes the runs of several chains, and tells each event of a delivery its outcome in order', async () => {
    const [one, two] = [randomId(), randomId()];
    await inbox.add(makeDelivery({ events: [{ eventId: two }] }));
    const delivery = makeDelivery({ events: [{ eventId: one, chains: ['notify', 'new-order'] }, { eventId: two }, { eventId: one }] });
    const outcomes = await inbox.add(delivery);
    expect(outcomes.map(({ eventId, outcome }) => [eventId, outcome])).toEqual([
      [one, 'accepted'],
      [two, 'duplicate'],
      [one, 'duplicate'],
    ]);
    expect((await runsOf(one)).map(({ workflow_id: id }) => id)).toEqual([`shop.${one}.new-order`, `shop.${one}.notify`]);
    expect(await deliveryRow(delivery.id)).toMatchObject({ outcome: 'accepted', event_ids: [one, two, one] });
  });

  test('numbers runs in order of receipt', async () => {
    const ids = Array.from({ length: 40 }, () => randomId());
    await inOneStatement(ids.map((eventId) => makeDelivery({ events: [{ eventId }] })));
    const found = await rows<{ event_id: string }>(
      'SELECT e.event_id FROM runs r JOIN events e ON e.uuid = r.event_uuid WHERE e.event_id = ANY ($1) ORDER BY r.seq',
      ids,
    );
    expect(found.map(({ event_id: id }) => id)).toEqual(ids);
  });

  test('rejects only the delivery that PostgreSQL cannot take, and never parts its events', async () => {
    const poisoned = randomId();
    const neighbours = Array.from({ length: 20 }, () => makeDelivery({ events: [{ eventId: randomId() }, { eventId: randomId() }] }));
    const poison = makeDelivery({ events: [{ eventId: poisoned }, { eventId: randomId(), providerId: 'a\u0000b' }] });
    const results = await Promise.allSettled(
      [...neighbours.slice(0, 10), poison, ...neighbours.slice(10)].map((delivery) => inbox.add(delivery)),
    );
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(results[10]).toMatchObject({ status: 'rejected', reason: { code: 'inbox.unavailable', cause: { code: '22021' } } });
    expect(await rows('SELECT FROM events WHERE event_id = $1', poisoned)).toEqual([]);
    expect(await deliveryRow(poison.id)).toBeUndefined();
  });

  test('keeps the neighbours of a delivery whose time is no time, and of one whose JSON is too deep', async () => {
    let deep: unknown[] = [];
    for (let depth = 0; depth < 50_000; depth++) deep = [deep];
    const bad = [
      makeDelivery({ events: [{ eventId: randomId(), occurredAt: new Date(Number.NaN) }] }),
      makeDelivery({ events: [{ eventId: randomId(), data: deep as never }] }),
    ];
    const results = await Promise.allSettled(
      [makeDelivery(), makeDelivery(), ...bad, makeDelivery()].map((delivery) => inbox.add(delivery)),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected', 'fulfilled']);
  });

  test('takes times that ISO 8601 writes with a sign', async () => {
    const times = [new Date(Date.UTC(20_000, 0, 1)), new Date('-000044-03-15T12:00:00Z'), new Date('0001-01-01T00:00:00Z')];
    for (const occurredAt of times) {
      const [outcome] = await inbox.add(makeDelivery({ events: [{ eventId: randomId(), occurredAt }] }));
      expect(await rows('SELECT occurred_at FROM events WHERE uuid = $1', outcome?.eventUuid)).toEqual([{ occurred_at: occurredAt }]);
    }
  });

  test('lets two processes write overlapping events in opposite orders', async () => {
    const other = createInbox({ pool: database.pool, log: silentLog });
    for (let round = 0; round < 10; round++) {
      const ids = Array.from({ length: 60 }, () => randomId());
      const forward = ids.map((eventId) => inbox.add(makeDelivery({ events: [{ eventId }] })));
      const backward = ids.toReversed().map((eventId) => other.add(makeDelivery({ events: [{ eventId }] })));
      const outcomes = (await Promise.all([...forward, ...backward])).flat();
      expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(60);
      expect(outcomes.filter(({ outcome }) => outcome === 'duplicate')).toHaveLength(60);
    }
    await other.close();
  });

  test.each([
    ['failed', 'chain.bug', 'repair_requested', 2, { repairing: true, stopped: false }],
    ['failed', null, 'repair_requested', 2, { repairing: true, stopped: false }],
    ['failed', 'run.outcomeLost', 'failed', 1, { repairing: false, stopped: false }],
    ['failed', 'run.idTaken', 'failed', 1, { repairing: false, stopped: false }],
    ['stopped', 'run.cancelled', 'stopped', 1, { repairing: false, stopped: true }],
    ['done', null, 'done', 1, { repairing: false, stopped: false }],
    ['started', null, 'started', 1, { repairing: false, stopped: false }],
    ['pending', null, 'pending', 1, { repairing: false, stopped: false }],
    ['repair_requested', null, 'repair_requested', 1, { repairing: false, stopped: false }],
  ])('a duplicate of an event whose run is %s (%s) leaves it %s', async (state, code, after, attempt, says) => {
    const eventId = randomId();
    await inbox.add(makeDelivery({ events: [{ eventId }] }));
    await setRuns(eventId, state, code);
    const [outcome] = await inbox.add(makeDelivery({ events: [{ eventId }] }));
    expect(outcome).toMatchObject({ outcome: 'duplicate', ...says });
    expect(await runsOf(eventId)).toMatchObject([{ state: after, attempt }]);
  });

  test('asks a failed run to start again once, however many duplicates arrive together', async () => {
    const eventId = randomId();
    await inbox.add(makeDelivery({ events: [{ eventId }] }));
    await setRuns(eventId, 'failed', 'action.gaveUp');
    const other = createInbox({ pool: database.pool, log: silentLog });
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? inbox : other).add(makeDelivery({ events: [{ eventId }] }))),
    );
    await other.close();
    expect(await runsOf(eventId)).toMatchObject([{ state: 'repair_requested', attempt: 2 }]);
  });

  test('answers `duplicate` for events that are ignored, held or quarantined, and leaves them', async () => {
    for (const state of ['ignored', 'held', 'quarantined'] as const) {
      const eventId = randomId();
      await inbox.add(makeDelivery({ events: [{ eventId, state }] }));
      expect(await inbox.add(makeDelivery({ events: [{ eventId }] }))).toMatchObject([{ outcome: 'duplicate', repairing: false }]);
      expect(await rows('SELECT state FROM events WHERE event_id = $1', eventId)).toEqual([{ state }]);
      expect(await runsOf(eventId)).toEqual([]);
    }
  });

  test('refuses what would not fit into memory, and nothing after it', async () => {
    const small = createInbox({ pool: database.pool, log: silentLog, maxWaiting: 3 });
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => small.add(makeDelivery())));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(results[4]).toMatchObject({ reason: { code: 'inbox.full' } });
    expect(await small.add(makeDelivery())).toMatchObject([{ outcome: 'accepted' }]);
    expect(small.waiting()).toBe(0);
    await small.close();
    await expect(small.add(makeDelivery())).rejects.toMatchObject({ code: 'ingress.draining' });
  });

  test('settles all that waits before it closes', async () => {
    const closing = createInbox({ pool: database.pool, log: silentLog, maxBatch: 2 });
    const added = Promise.all(Array.from({ length: 9 }, () => closing.add(makeDelivery())));
    await closing.close();
    expect(closing.waiting()).toBe(0);
    expect(await added).toHaveLength(9);
  });
});
