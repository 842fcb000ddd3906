import { countRuns, readStates, replayEvents } from '../collect-facts.ts';
import type { DrillPlan } from '../drill-plan.ts';
import { OPEN } from '../join-facts.ts';
import { SOURCE, type EventMaker, type MadeEvent } from '../make-events.ts';
import { occupyWorkflowId } from '../measure/occupy-workflow-id.ts';

const EVENTS = 2_000;
/** Posted at a time. */
const AT_ONCE = 40;
/** Those that stand in the way are among the first: the rest is behind them. */
const IN_THE_WAY_AT = 1 / 10;
const MOST_STARTING_MS = 20 * 60_000;
const MOST_WORKING_MS = 40 * 60_000;
/** Those that the steady sender may have under way: it sends next to nothing, since its tickets wait for the team as well. */
const STEADY = 3;

/** Temporal is away while thousands of events come; then they are worked off, two that cannot go on among them. */
export const drainDrill: DrillPlan = {
  name: 'drain',
  means: `${EVENTS.toLocaleString('en')} events (--events) come while Temporal is away, one of them poisoned, one that cannot end; then it returns`,
  load: { ratePerS: 0.01, reordered: 0 },
  async disturb({ stack, load, maker, events = EVENTS, note, until, keepDrain }) {
    const { waiting, poisoned, failing } = make(maker, events);
    const release = await occupyWorkflowId(stack.temporal.address, `${SOURCE}.${poisoned}`);
    Object.assign(stack.vendors.moods.team, { odds: { error: 1 } });
    note('Temporal was killed');
    const awayMs = Date.now();
    await stack.temporal.crash();
    for (let from = 0; from < waiting.length; from += AT_ONCE) await load.send(waiting.slice(from, from + AT_ONCE));
    note(`${waiting.length} events wait, and Temporal comes back`);
    const backMs = Date.now();
    await stack.temporal.start();
    await until(async () => ((await countRuns(stack.pool, PENDING)) ?? STEADY) < STEADY, MOST_STARTING_MS);
    await until(async () => ((await countRuns(stack.pool, OPEN)) ?? Number.MAX_VALUE) < STEADY + failing.length, MOST_WORKING_MS);
    keepDrain({
      awayMs,
      backMs,
      eventIds: waiting.map(({ sent }) => sent.id),
      poisoned: await readStates(stack.pool, [poisoned]),
      failing: await readStates(stack.pool, failing),
    });
    // a taken id is left to a person, who sees to it that it is free, and has the event replayed
    await release();
    await replayEvents(stack.pool, [poisoned]);
  },
};

const PENDING = new Set(['pending']);

/** Changes of customers, which are the cheapest, with an order and a ticket among them. */
function make(
  maker: EventMaker,
  count: number,
): { readonly waiting: readonly MadeEvent[]; readonly poisoned: string; readonly failing: readonly string[] } {
  const before = Math.floor(count * IN_THE_WAY_AT);
  const customers = (length: number): readonly MadeEvent[] => Array.from({ length }, () => maker.next({ kind: 'customer' })).flat();
  const first = customers(before);
  const order = maker.next({ kind: 'order' });
  const ticket = maker.next({ kind: 'ticket' });
  const waiting = [...first, ...order, ...ticket, ...customers(Math.max(0, count - before - order.length - ticket.length))];
  return { waiting, poisoned: order[0]?.sent.id ?? '', failing: ticket.map(({ sent }) => sent.id) };
}
