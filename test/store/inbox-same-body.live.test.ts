import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/contracts/ids.ts';
import type { InboxDelivery, InboxOutcome } from '../../src/contracts/inbox.ts';
import { createInbox } from '../../src/store/inbox.ts';
import type { Inbox } from '../../src/store/inbox.ts';
import { createStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { silentLog } from '../support/silent-log.ts';
import { makeDelivery, randomId } from './make-delivery.ts';

let database: TestDatabase;
let inbox: Inbox;
let store: Store;
beforeAll(async () => {
  database = await createDatabase();
  inbox = createInbox({ pool: database.pool, log: silentLog });
  store = createStore({ pool: database.pool });
});
afterAll(async () => {
  await inbox.close();
  await database.close();
});

interface Wish {
  readonly eventId?: string;
  readonly source?: string;
  readonly sameBody?: 'flag' | 'refuse';
  readonly receivedAt?: Date;
}

/** A delivery whose id no signature covers. */
function unsigned(body: string, { eventId = randomId(), source = 'shop', sameBody = 'flag', receivedAt }: Wish = {}): InboxDelivery {
  const delivery = makeDelivery({ source, body, events: [{ eventId, idUnsigned: true }] });
  return { ...delivery, sameBody, receivedAt: receivedAt ?? delivery.receivedAt };
}

const add = async (delivery: InboxDelivery): Promise<InboxOutcome | undefined> => (await inbox.add(delivery))[0];
const newBody = (): string => `{"order":"${randomId()}"}`;

describe('a body that is taken under an id which no signature covers', () => {
  it('is accepted under its first id, and again as a duplicate, without a mark', async () => {
    const first = unsigned(newBody());
    const again = { ...first, id: makeDelivery().id };
    expect(await add(first)).toMatchObject({ outcome: 'accepted' });
    expect(await add(again)).toMatchObject({ outcome: 'duplicate', bodyDiffers: false });
    for (const { id } of [first, again]) expect((await store.deliveries.find(id))[0]).toMatchObject({ code: null, detail: null });
  });

  it('is accepted and marked under a fresh id, on the event and on the delivery', async () => {
    const body = newBody();
    const first = unsigned(body, { eventId: 'the-first' });
    const second = unsigned(body, { eventId: 'the-second' });
    expect(await add(first)).not.toHaveProperty('sameBodyAs');
    expect(await add(second)).toMatchObject({ outcome: 'accepted', sameBodyAs: 'the-first' });
    expect((await store.deliveries.find(second.id))[0]).toMatchObject({
      outcome: 'accepted',
      code: 'event.sameBody',
      detail: 'the body is that of event the-first',
    });
    expect(await sameBodyAs('the-second')).toBe('the-first');
    expect(await sameBodyAs('the-first')).toBeNull();
    expect(await runsOf('the-second')).toBe(1);
  });

  it('is refused under a fresh id where the source wants that: no event, no run, and the delivery says why', async () => {
    const body = newBody();
    await add(unsigned(body, { eventId: 'kept', sameBody: 'refuse' }));
    const replay = unsigned(body, { eventId: 'replayed', sameBody: 'refuse' });
    expect(await add(replay)).toMatchObject({ eventId: 'replayed', outcome: 'refused', sameBodyAs: 'kept' });
    expect((await store.deliveries.find(replay.id))[0]).toMatchObject({
      outcome: 'refused',
      httpStatus: 400,
      code: 'event.bodyReplayed',
      detail: 'the body is that of event kept',
    });
    expect(await store.events.find('replayed')).toEqual([]);
    expect(await runsOf('replayed')).toBe(0);
    expect(await add(unsigned(body, { eventId: 'kept', sameBody: 'refuse' }))).toMatchObject({ outcome: 'duplicate' });
  });

  it('is told apart by source, and not looked for where the id is signed', async () => {
    const body = newBody();
    await add(unsigned(body));
    expect(await add(unsigned(body, { source: 'other' }))).not.toHaveProperty('sameBodyAs');
    const signed = makeDelivery({ body, events: [{ eventId: randomId() }] });
    expect(await add(signed)).toMatchObject({ outcome: 'accepted' });
    expect(await add({ ...signed, id: makeDelivery().id })).not.toHaveProperty('sameBodyAs');
  });

  it('is a new one after 90 days', async () => {
    const body = newBody();
    const first = unsigned(body, { eventId: 'long-ago', receivedAt: new Date('2026-01-01T00:00:00Z') });
    await add(first);
    expect(await add(unsigned(body, { receivedAt: new Date('2026-03-31T00:00:00Z') }))).toMatchObject({ sameBodyAs: 'long-ago' });
    expect(await add(unsigned(body, { eventId: 'anew', receivedAt: new Date('2026-04-02T00:00:01Z') }))).not.toHaveProperty('sameBodyAs');
    expect(await add(unsigned(body, { receivedAt: new Date('2026-04-03T00:00:00Z') }))).toMatchObject({ sameBodyAs: 'anew' });
  });

  it('is told for as long as an id is never accepted twice', async () => {
    const longer = createInbox({ pool: database.pool, log: silentLog, dedupeDays: 200 });
    const body = newBody();
    await longer.add(unsigned(body, { eventId: 'half-a-year-ago', receivedAt: new Date('2026-01-01T00:00:00Z') }));
    const [late] = await longer.add(unsigned(body, { receivedAt: new Date('2026-07-01T00:00:00Z') }));
    expect(late).toMatchObject({ sameBodyAs: 'half-a-year-ago' });
    await longer.close();
  });
});

describe('many at once', () => {
  it('let one of a body through, whatever inbox they come by', async () => {
    const others = [createInbox({ pool: database.pool, log: silentLog }), createInbox({ pool: database.pool, log: silentLog })];
    const bodies = Array.from({ length: 8 }, newBody);
    const sent = bodies.flatMap((body) => Array.from({ length: 12 }, () => unsigned(body, { sameBody: 'refuse' })));
    const outcomes = await Promise.all(
      sent.map(async (delivery, index) => ((await [inbox, ...others][index % 3]?.add(delivery)) ?? [])[0]?.outcome),
    );
    for (const body of bodies) {
      const ofBody = outcomes.filter((_outcome, index) => sha256(sent[index]?.body ?? '').compare(sha256(body)) === 0);
      expect(ofBody.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
      expect(ofBody.filter((outcome) => outcome === 'refused')).toHaveLength(11);
    }
    await Promise.all(others.map((other) => other.close()));
  });

  it('are marked save for one of each body, in one batch with others that are not guarded', async () => {
    const body = newBody();
    const busy = [makeDelivery(), makeDelivery()]; // as many statements as may be under way: what comes then goes into one
    const batch = [
      unsigned(body, { eventId: 'one' }),
      makeDelivery(),
      unsigned(body),
      unsigned(newBody()),
      unsigned(body, { sameBody: 'refuse' }),
    ];
    const outcomes = (await Promise.all([...busy, ...batch].map((delivery) => inbox.add(delivery)))).flat().slice(busy.length);
    const marks = outcomes.map(({ outcome, sameBodyAs: as }) => [outcome, as]);
    expect(marks).toEqual([
      ['accepted', undefined],
      ['accepted', undefined],
      ['accepted', 'one'],
      ['accepted', undefined],
      ['refused', 'one'],
    ]);
  });
});

async function sameBodyAs(eventId: string): Promise<string | null | undefined> {
  const { rows } = await database.pool.query<{ readonly same_body_as: string | null }>({
    name: 'test.same',
    text: 'SELECT same_body_as FROM events WHERE event_id = $1',
    values: [eventId],
  });
  return rows[0]?.same_body_as;
}

async function runsOf(eventId: string): Promise<number | undefined> {
  const { rows } = await database.pool.query<{ readonly count: number }>({
    name: 'test.runs',
    text: 'SELECT count(*)::int AS count FROM runs JOIN events ON uuid = event_uuid WHERE event_id = $1',
    values: [eventId],
  });
  return rows[0]?.count;
}
