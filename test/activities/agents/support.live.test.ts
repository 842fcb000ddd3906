import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import support, { type Followed } from '../../../src/activities/agents/support.ts';
import type { StateAction } from '../../../src/activities/define-agent.ts';
import type { AgentDependencies } from '../../../src/activities/dependencies.ts';
import { performState } from '../../../src/activities/state-ledger.ts';
import type { Ticket, TicketEventType } from '../../../src/events/_ticket.ts';
import { readEntity } from '../../../src/store/entities.ts';
import { ticketEvent } from '../../../scripts/record/sample-ticket.ts';
import { createDatabase, type TestDatabase } from '../../support/database.ts';
import { callOf, from } from '../../support/ledger-calls.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

const { follow, recordFirstAnswer } = support.actions({} as AgentDependencies); // neither looks at a dependency

/** An event of a ticket: its id, and what it says. */
interface Told {
  readonly eventId: string;
  readonly type?: TicketEventType;
  readonly ticket: Ticket;
}

async function perform<Result>(action: unknown, input: object, call: ReturnType<typeof callOf>): Promise<Result> {
  const untyped = action as StateAction<unknown, unknown>; // an agent's action, its types forgotten
  const { result } = await performState(database.pool, { ...from(randomUUID(), call, input), action: untyped, dryAction: untyped });
  return result as Result; // what the action returned
}
const followOf = ({ eventId, type = 'ticket.updated', ticket }: Told, call = {}): Promise<Followed> =>
  perform(follow, { ticket, type }, callOf({ action: 'support.follow', ledger: 'follow-ticket', eventId, ...call }));
const numbers = ({ escalations }: Followed): readonly number[] => escalations.map(({ number }) => number);

let tickets = 0;
const newTicket = (): ((minute: number, overrides?: Partial<Ticket>) => Ticket) => {
  tickets += 1;
  const id = `desk:${tickets}`;
  return (minute, overrides = {}) =>
    ticketEvent('ticket.updated', {
      id,
      priority: 'normal',
      updatedAt: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
      ...overrides,
    }).data;
};
const entityOf = async ({ id }: Pick<Ticket, 'id'>): Promise<object> => (await readEntity(database.pool, { type: 'ticket', id })).fields;

describe('follow', () => {
  it('keeps how a ticket stands, and claims nothing while it is not escalated', async () => {
    const at = newTicket();
    expect(await followOf({ eventId: 'a', type: 'ticket.created', ticket: at(0, { status: 'new' }) })).toEqual({
      escalations: [],
      answer: null,
    });
    expect(await entityOf(at(0))).toEqual({
      number: 'HELP-77',
      subject: 'My parcel has not arrived',
      status: 'new',
      priority: 'normal',
      tags: ['parcel'],
      requesterEmail: 'ada@example.com',
      createdAt: '2026-01-01T00:00:00.000Z',
      escalated: false,
    });
  });

  it('claims an escalation at its beginning, and not again while it lasts', async () => {
    const at = newTicket();
    await followOf({ eventId: 'a', ticket: at(0) });
    expect(await followOf({ eventId: 'b', ticket: at(1, { priority: 'high' }) })).toMatchObject({
      escalations: [{ number: 1, at: '2026-01-01T00:01:00.000Z', priority: 'high' }],
    });
    expect(numbers(await followOf({ eventId: 'c', ticket: at(2, { priority: 'urgent' }) }))).toEqual([]);
    expect(numbers(await followOf({ eventId: 'd', ticket: at(3, { tags: ['escalated'] }) }))).toEqual([]);
  });

  it('claims twice what goes up, down and up again, in any order of arrival', async () => {
    for (const order of [
      ['a', 'b', 'c'],
      ['c', 'b', 'a'],
      ['c', 'a', 'b'],
      ['b', 'c', 'a'],
    ]) {
      const at = newTicket();
      const events: Record<string, Ticket> = { a: at(1, { priority: 'urgent' }), b: at(2), c: at(3, { tags: ['escalated'] }) };
      const claimed: number[] = [];
      for (const eventId of order) claimed.push(...numbers(await followOf({ eventId, ticket: events[eventId] ?? at(0) })));
      expect(claimed).toEqual([1, 2]);
      expect(await entityOf(at(0))).toMatchObject({ priority: 'normal', tags: ['escalated'], escalated: true });
    }
  });

  it('returns on repair what the first attempt has claimed', async () => {
    const event = { eventId: 'a', ticket: newTicket()(1, { priority: 'urgent' }) };
    const eventUuid = randomUUID();
    const first = await followOf(event, { eventUuid });
    expect(numbers(first)).toEqual([1]);
    expect(await followOf(event, { eventUuid, attempt: 2 })).toEqual(first);
  });

  it('claims the same again where an operator runs the event again', async () => {
    const event = { eventId: 'a', ticket: newTicket()(1, { priority: 'urgent' }) };
    const eventUuid = randomUUID();
    expect(numbers(await followOf(event, { eventUuid }))).toEqual([1]);
    expect(numbers(await followOf(event, { eventUuid, attempt: 2, round: 1 }))).toEqual([1]);
  });

  it('claims nothing where a second source tells the same event', async () => {
    const event = { eventId: 'a', ticket: newTicket()(1, { priority: 'urgent' }) };
    expect(numbers(await followOf(event, { source: 'one' }))).toEqual([1]);
    expect(numbers(await followOf(event, { source: 'two' }))).toEqual([]);
  });

  it('claims each number once when all events of a ticket come at once', async () => {
    const at = newTicket();
    const events = Array.from({ length: 12 }, (_item, index) => ({
      eventId: `e${index}`,
      ticket: at(index, { priority: index % 2 === 0 ? 'urgent' : 'low' }),
    }));
    const claimed = await Promise.all(events.map((event) => followOf(event)));
    expect(claimed.flatMap(numbers).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('ends in the same state, with as many escalations, for any order and number of copies of events, equal times included', async () => {
    const change = fc.record({
      minute: fc.nat({ max: 3 }),
      type: fc.constantFrom('ticket.created' as const, 'ticket.updated' as const),
      priority: fc.constantFrom(null, 'low' as const, 'urgent' as const),
      tags: fc.constantFrom<string[]>([], ['escalated']),
      status: fc.constantFrom('open', 'pending', 'solved'),
      createdAt: fc.constantFrom(null, '2026-01-01T00:00:00.000Z'),
    });
    const sets = fc
      .array(change, { minLength: 1, maxLength: 6 })
      .map((all) => all.map((one, index) => ({ ...one, eventId: `e${index}` })))
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.subarray(all)));
    await fc.assert(
      fc.asyncProperty(sets, async ([all, shuffled, copies]) => {
        const outcomes = [];
        for (const events of [all, [...copies, ...shuffled, ...copies]]) {
          const at = newTicket();
          const told: number[] = [];
          for (const [index, { eventId, type, minute, ...ticket }] of events.entries()) {
            const source = index < copies.length ? 'one' : 'two'; // some are told by two sources, some twice by one
            const { escalations, answer } = await followOf({ eventId, type, ticket: at(minute, ticket) }, { source });
            told.push(...numbers({ escalations, answer }));
            if (answer !== null)
              await perform(recordFirstAnswer, answer, callOf({ action: 'support.recordFirstAnswer', ledger: 'follow-ticket' }));
          }
          const { rows } = await database.pool.query({
            name: 'test.answers',
            text: `SELECT value, occurred_at FROM analytics WHERE subject = $1`,
            values: [at(0).id],
          });
          outcomes.push({ told, entity: await entityOf(at(0)), answers: rows });
        }
        expect(outcomes[1]).toEqual(outcomes[0]);
      }),
      { numRuns: 60, seed: 4 },
    );
  }, 60_000);
});

describe('the time to answer', () => {
  const answersOf = async ({ id }: Pick<Ticket, 'id'>): Promise<readonly unknown[]> =>
    (
      await database.pool.query<{ readonly value: string }>({
        name: 'test.answer',
        text: `SELECT value FROM analytics WHERE name = 'ticket_first_answer_s' AND subject = $1`,
        values: [id],
      })
    ).rows.map(({ value }) => Number(value));
  const record = (answer: Followed['answer']): Promise<unknown> =>
    perform(recordFirstAnswer, answer ?? {}, callOf({ action: 'support.recordFirstAnswer' }));

  it('is told once by the state that follows an answer, and kept in seconds', async () => {
    const at = newTicket();
    await followOf({ eventId: 'a', type: 'ticket.created', ticket: at(0, { status: 'new' }) });
    const { answer } = await followOf({ eventId: 'b', ticket: at(5, { status: 'pending' }) });
    expect(answer).toEqual({ ticketId: at(0).id, createdAt: '2026-01-01T00:00:00.000Z', answeredAt: '2026-01-01T00:05:00.000Z' });
    await record(answer);
    expect((await followOf({ eventId: 'c', ticket: at(9, { status: 'solved' }) })).answer).toBeNull();
    expect(await answersOf(at(0))).toEqual([300]);
  });

  it('is that of the earliest answer, also where it is told last', async () => {
    const at = newTicket();
    const late = await followOf({ eventId: 'b', ticket: at(9, { status: 'solved' }) });
    const early = await followOf({ eventId: 'a', ticket: at(8, { firstAnsweredAt: '2026-01-01T00:02:00.000Z' }) });
    await record(early.answer);
    await record(late.answer);
    expect(await answersOf(at(0))).toEqual([120]);
  });

  it('waits for the time of creation where no event has told it yet', async () => {
    const at = newTicket();
    expect((await followOf({ eventId: 'b', ticket: at(5, { status: 'solved', createdAt: null }) })).answer).toBeNull();
    expect((await followOf({ eventId: 'a', type: 'ticket.created', ticket: at(0, { status: 'new' }) })).answer).toMatchObject({
      answeredAt: '2026-01-01T00:05:00.000Z',
    });
  });

  it('is never below zero, whatever the clocks say', async () => {
    const at = newTicket();
    const { answer } = await followOf({ eventId: 'a', ticket: at(0, { firstAnsweredAt: '2025-12-31T23:59:00.000Z' }) });
    await record(answer);
    expect(await answersOf(at(0))).toEqual([0]);
  });
});
