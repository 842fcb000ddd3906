import type { JsonObject } from '../../contracts/json.ts';
import type { DrillEvent, DrillRoute } from './drill-facts.ts';

/** What the events of a drill are made of. */
export interface EventWish {
  /** The beginning of every id, of events and of what they speak of: `drill-…-`, such as nobody else has. */
  readonly prefix: string;
  /** How many, 1 or more. */
  readonly count: number;
  /** By type; what is not there goes to no chain, and is not sent. */
  readonly routes: ReadonlyMap<string, DrillRoute>;
  /** Whether, after the first thing, only such are spoken of as change, the newest change of each first. */
  readonly newestFirst: boolean;
  readonly random: () => number;
  readonly now: Date;
}

/** The type of an event that no chain wants. */
const UNWANTED = 'hookline.drill';

/** So many, since each ingress behind one address may be of another version. */
const PROBES = 4;

/** Makes events that are stored and lead to nothing: they show whether the listener knows test traffic before anything could run. */
export function makeProbes({ prefix, now }: Pick<EventWish, 'prefix' | 'now'>): readonly DrillEvent[] {
  return Array.from({ length: PROBES }, (_none, index) => {
    const id = `${prefix}probe-${index + 1}`;
    return { id, type: UNWANTED, route: null, body: toBody({ id, type: UNWANTED, version: now.toISOString() }, {}) };
  });
}

/**
 * Makes the events of a drill, those of one thing together, in the order in which they are to be sent; each a millisecond newer than the
 * one made before. The first of the first thing is one whose chain reaches the outside least. Empty where the routes lead nowhere.
 */
export function makeDrillEvents({ prefix, count, routes, newestFirst, random, now }: EventWish): readonly (readonly DrillEvent[])[] {
  const routed = KINDS.filter(({ types }) => types.every((type) => routes.has(type)));
  const kinds = newestFirst ? routed.filter(({ types }) => types.length > 1) : routed;
  const [first] = routed;
  if (first === undefined || kinds.length === 0) return [];
  const groups: (readonly DrillEvent[])[] = [];
  let made = 0;
  while (made < count) {
    const kind = groups.length === 0 ? first : (kinds[Math.floor(random() * kinds.length)] ?? first);
    const thing = `${prefix}${kind.name}-${groups.length + 1}`;
    const events = kind.types.slice(0, count - made).map((type, change): DrillEvent => {
      made += 1;
      const named = { id: `${prefix}${made}`, type, version: new Date(now.getTime() + made).toISOString() };
      return {
        id: named.id,
        type,
        route: routes.get(type) ?? null,
        body: toBody(named, kind.data({ thing, change, version: named.version })),
      };
    });
    groups.push(newestFirst ? events.toReversed() : events);
  }
  return groups;
}

/** What is said of a thing at one of its changes. */
interface Saying {
  readonly thing: string;
  /** 0 for the first. */
  readonly change: number;
  /** ISO 8601. */
  readonly version: string;
}

/** Kinds of things; those whose chains reach the outside least stand first. No address of these can be reached (RFC 2606). */
const KINDS: readonly {
  readonly name: string;
  /** The type of each change of one thing. */
  readonly types: readonly string[];
  readonly data: (saying: Saying) => JsonObject;
}[] = [
  {
    name: 'payment',
    types: ['payment.succeeded'],
    data: ({ thing, version }) => ({ payment_id: thing, amount: 12.25, currency: 'EUR', paid_at: version }),
  },
  {
    name: 'customer',
    types: ['customer.updated', 'customer.updated'],
    data: ({ thing, change, version }) => ({ customer_id: thing, name: `Drill ${change + 1}`, updated_at: version }),
  },
  {
    name: 'ticket',
    types: ['ticket.created', 'ticket.updated'],
    data: ({ thing, change, version }) => ({
      ticket_id: thing,
      subject: `Drill ${change + 1}`,
      status: change === 0 ? 'open' : 'pending',
      priority: 'urgent',
      tags: [],
      requester_email: `${thing}@drill.invalid`,
      ...(change === 0 ? { created_at: version } : {}),
      updated_at: version,
    }),
  },
  {
    name: 'user',
    types: ['user.registered'],
    data: ({ thing, version }) => ({ user_id: thing, email: `${thing}@drill.invalid`, name: 'Drill', registered_at: version }),
  },
  {
    name: 'order',
    types: ['order.created'],
    data: ({ thing, version }) => ({
      order_id: thing,
      customer_email: `${thing}@drill.invalid`,
      total_amount: 12.25,
      currency: 'EUR',
      items: [{ sku: 'DRILL', name: 'Drill bit', quantity: 1, price: 12.25 }],
      updated_at: version,
    }),
  },
];

function toBody(
  { id, type, version }: { readonly id: string; readonly type: string; readonly version: string },
  data: JsonObject,
): JsonObject {
  return { event_id: id, event_type: type, occurred_at: version, test: true, data };
}
