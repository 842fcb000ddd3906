import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import crm from '../../src/activities/agents/crm.ts';
import support from '../../src/activities/agents/support.ts';
import type { StateAction } from '../../src/activities/define-agent.ts';
import type { AgentDependencies } from '../../src/activities/dependencies.ts';
import { performState } from '../../src/activities/state-ledger.ts';
import type { Ticket } from '../../src/events/_ticket.ts';
import { ticketEvent } from '../../scripts/record/sample-ticket.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { callOf, from } from '../support/ledger-calls.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

const nothing = {} as AgentDependencies; // none of these actions looks at it
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
/** The entity types of which a performance says that newer events had written before. */
async function supersededBy(action: unknown, input: unknown, dry = false): Promise<readonly string[]> {
  const untyped = action as StateAction<unknown, unknown>; // an agent's action, its types forgotten
  const call = from(randomUUID(), callOf({ action: 'test.merge', eventId: randomUUID() }), input);
  return (await performState(database.pool, { ...call, action: untyped, dryAction: untyped, dry })).superseded;
}
const change = (id: string, second: number) =>
  [crm.actions(nothing).mergeProfile, { id, name: `${second}`, updatedAt: at(second) }] as const;

it('tells of a write that came too late which entity had kept it out', async () => {
  const id = randomUUID();
  expect([await supersededBy(...change(id, 2)), await supersededBy(...change(id, 1)), await supersededBy(...change(id, 3))]).toEqual([
    [],
    ['customer'],
    [],
  ]);
});

it('tells nothing of who only reads, nor of test traffic', async () => {
  const id = randomUUID();
  await supersededBy(...change(id, 2));
  expect(await supersededBy(crm.actions(nothing).newestProfile, { customerId: id, sends: 1 })).toEqual([]);
  expect(await supersededBy(...change(id, 1), true)).toEqual([]);
});

it('tells of a ticket that a newer event has told already', async () => {
  const { data } = ticketEvent('ticket.updated', { id: `desk:${randomUUID()}` });
  const follow = (second: number): Promise<readonly string[]> => {
    const ticket: Ticket = { ...data, updatedAt: at(second) };
    return supersededBy(support.actions(nothing).follow, { ticket, type: 'ticket.updated' });
  };
  expect([await follow(2), await follow(1)]).toEqual([[], ['ticket']]);
});
