import { sha256, toWorkflowId } from '../../../src/contracts/ids.ts';
import type { InboxDelivery } from '../../../src/contracts/inbox.ts';
import type { PlannedEvent } from '../plan.ts';
import type { ProductProcess } from './process.ts';
import type { World } from './world.ts';

/** Who sends the events: each again until it is acknowledged, as providers do. */
export interface Senders {
  /** Sends an event by its index in the plan. */
  send(index: number): void;
  /** Deliveries that have not been acknowledged yet. */
  waiting(): number;
  /** Ids of events that were acknowledged at least once. */
  readonly acknowledged: ReadonlySet<string>;
}

/** The one source of the simulation. */
export const SOURCE = 'shop';
const CHAIN = 'simulated-chain';

const PATIENCE_MS = 3_000;

/** Makes them. */
export function createSenders({
  world,
  events,
  processes,
}: {
  readonly world: World;
  readonly events: readonly PlannedEvent[];
  /** Those that are alive now; a stopped one takes a connection all the same. */
  readonly processes: () => readonly ProductProcess[];
}): Senders {
  const acknowledged = new Set<string>();
  let waiting = 0;
  let made = 0;

  const tryToSend = (index: number, event: PlannedEvent): void => {
    let isOver = false;
    const again = (ms: number): void => {
      if (isOver) return;
      isOver = true;
      world.after(ms, () => tryToSend(index, event));
    };
    const [first, ...others] = processes();
    if (first === undefined) return again(500);
    const process = world.pick([first, ...others]);
    const delivery = toDelivery({ index, event, number: (made += 1), now: world.now() });
    world.after(
      world.between(0, 20),
      () =>
        process.post(delivery, (isAcknowledged) => {
          world.after(world.between(0, 20), () => {
            if (isOver) return;
            if (!isAcknowledged) return again(1_000);
            isOver = true;
            waiting -= 1;
            acknowledged.add(toEventId(index));
          });
        }),
      process.host,
    );
    world.after(PATIENCE_MS, () => again(0));
  };

  return {
    acknowledged,
    waiting: () => waiting,
    send(index) {
      const event = events[index];
      if (event === undefined) return;
      waiting += 1;
      tryToSend(index, event);
    },
  };
}

/** The id of an event by its index in the plan. */
export function toEventId(index: number): string {
  return `e${index}`;
}

/** A delivery as the receive pipeline hands it to the inbox: each with ids of its own for what may be new. */
function toDelivery({
  index,
  event,
  number,
  now,
}: {
  readonly index: number;
  readonly event: PlannedEvent;
  readonly number: number;
  readonly now: number;
}): InboxDelivery {
  const { customer, timeS, steps, refusals } = event;
  const [eventId, time] = [toEventId(index), new Date(timeS * 1_000)];
  return {
    id: `d${number}`,
    source: SOURCE,
    provider: 'hookline',
    receivedAt: new Date(now),
    remoteAddress: null,
    headers: [],
    body: Buffer.from(eventId),
    bodySha256: sha256(eventId),
    secretIndex: 0,
    events: [
      {
        uuid: `u${number}`,
        eventId,
        providerId: eventId,
        providerType: 'simulated',
        type: 'hookline:simulated',
        entity: { type: 'customer', id: customer },
        occurredAt: time,
        test: false,
        state: 'routed',
        code: null,
        detail: null,
        data: { steps, customer, name: eventId, time: time.toISOString(), refusals },
        schemaVersion: null,
        routes: [{ chain: CHAIN, ledger: CHAIN, workflowId: toWorkflowId(SOURCE, eventId) }],
      },
    ],
  };
}
