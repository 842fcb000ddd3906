import type { SentEvent } from './facts.ts';
import { between, pick, type Random } from './random.ts';

/** The source of every event of a drill. */
export const SOURCE = 'shop';
/** The one kind of goods that is ordered, a piece an order. */
export const SKU = 'DRILL';

/** The kinds of events that are sent. */
export const KINDS = ['order', 'customer', 'ticket', 'user'] as const;

/** An event, and the webhook that tells it. */
export interface MadeEvent {
  readonly sent: SentEvent;
  readonly body: string;
}

/** Makes events, each with the version after the last one's. */
export interface EventMaker {
  /** The next events of a kind: a ticket is made and changed, all else is one event. @default a kind by chance */
  next(options?: { readonly kind?: (typeof KINDS)[number] | undefined; readonly tail?: boolean }): readonly MadeEvent[];
}

/** Customers that change again and again; enough of them that none changes faster than its runs can follow. */
const CUSTOMERS = 60;

/** Makes the events of a drill; `name` keeps those of two drills apart. */
export function createEventMaker({
  name,
  random,
  now,
}: {
  readonly name: string;
  readonly random: Random;
  readonly now: () => number;
}): EventMaker {
  let count = 0;
  let lastMs = 0;
  const versionOf = (): string => {
    lastMs = Math.max(now(), lastMs + 1);
    return new Date(lastMs).toISOString();
  };
  return {
    next({ kind = pick(random, KINDS), tail = false } = {}) {
      count += 1;
      const id = `${name}-${kind}-${count}`;
      const facts = { id, tail, version: versionOf() };
      if (kind === 'order') return [toOrder(facts)];
      if (kind === 'user') return [toUser(facts)];
      if (kind === 'customer') return [toCustomer(facts, `${name}-c${Math.floor(between(random, 0, CUSTOMERS))}`)];
      return [toTicket(facts, id, 'created'), toTicket({ id: `${id}-changed`, tail, version: versionOf() }, id, 'updated')];
    },
  };
}

interface Named {
  readonly id: string;
  readonly version: string;
  readonly tail: boolean;
}

function toOrder({ id, version, tail }: Named): MadeEvent {
  const about = `${SOURCE}:${id}`;
  const mail = `${id}@example.com`;
  return make(
    {
      id,
      type: 'order.created',
      chain: 'new-order',
      entity: { type: 'order', id: about, version, says: { status: 'reserved' } },
      expects: [
        { vendor: 'mail', about: mail },
        { vendor: 'warehouse', about },
        { vendor: 'analytics', about: `order_created ${about}` },
        { vendor: 'stock', about },
      ],
      tail,
    },
    {
      order_id: id,
      customer_email: mail,
      total_amount: 12.25,
      currency: 'EUR',
      items: [{ sku: SKU, name: 'Drill bit', quantity: 1, price: 12.25 }],
      updated_at: version,
    },
  );
}

function toUser({ id, version, tail }: Named): MadeEvent {
  const about = `${SOURCE}:${id}`;
  const mail = `${id}@example.com`;
  return make(
    {
      id,
      type: 'user.registered',
      chain: 'welcome-user',
      entity: { type: 'user', id: about, version, says: { email: mail } },
      expects: [
        { vendor: 'mail', about: mail },
        { vendor: 'analytics', about: `user_registered ${about}` },
      ],
      tail,
    },
    { user_id: id, email: mail, name: 'Ada', registered_at: version },
  );
}

function toCustomer({ id, version, tail }: Named, customer: string): MadeEvent {
  return make(
    {
      id,
      type: 'customer.updated',
      chain: 'sync-customer',
      entity: { type: 'customer', id: `${SOURCE}:${customer}`, version, says: { name: `as of ${id}`, updatedAt: version } },
      expects: [],
      tail,
    },
    { customer_id: customer, name: `as of ${id}`, updated_at: version },
  );
}

function toTicket({ id, version, tail }: Named, ticket: string, change: 'created' | 'updated'): MadeEvent {
  const about = `${SOURCE}:${ticket}`;
  const mail = `${ticket}@example.com`;
  const status = change === 'created' ? 'open' : 'pending';
  return make(
    {
      id,
      type: `ticket.${change}`,
      chain: 'follow-ticket',
      entity: { type: 'ticket', id: about, version, says: { status, subject: `as of ${id}` } },
      // urgent from the first to the last: one escalation, told by whichever event is followed first
      expects: [
        { vendor: 'mail', about: mail },
        { vendor: 'team', about },
        { vendor: 'analytics', about: `ticket_first_answer_s ${about}` },
      ],
      tail,
    },
    {
      ticket_id: ticket,
      subject: `as of ${id}`,
      status,
      priority: 'urgent',
      tags: [],
      requester_email: mail,
      ...(change === 'created' ? { created_at: version } : {}),
      updated_at: version,
    },
  );
}

function make(sent: SentEvent, data: object): MadeEvent {
  const { id, type, entity } = sent;
  return { sent, body: JSON.stringify({ event_id: id, event_type: type, occurred_at: entity.version, data }) };
}
