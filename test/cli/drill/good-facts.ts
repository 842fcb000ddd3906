import type { DrillAnswer, DrillEvent, DrillFacts } from '../../../src/cli/drill/drill-facts.ts';
import type { WholeEventView } from '../../../src/admin/api/views/event-view.ts';
import { deliveryAt, runOf } from '../tail/tail-rows.ts';

const at = new Date('2026-07-01T12:00:00.000Z');

/** An event that goes to one chain for sure, and to one that decides by itself. */
export function sentOf(id: string, wish: Partial<DrillEvent> = {}): DrillEvent {
  return { id, type: 'order.created', route: { always: ['new-order'], maybe: ['gifts'] }, body: {}, ...wish };
}

/** What came back from a try. */
export function answerOf(eventId: string, wish: Partial<DrillAnswer> = {}): DrillAnswer {
  return { eventId, httpStatus: 200, status: 'accepted', code: null, tookMs: 4, ...wish };
}

/** An effect of test traffic, as it should be. */
export function effectOf(action: string, wish: Partial<WholeEventView['effects'][number]> = {}): WholeEventView['effects'][number] {
  const times = { intendedAt: at, updatedAt: at };
  return {
    ledger: 'new-order',
    action,
    key: '0',
    round: 0,
    state: 'done',
    attempt: 1,
    sends: 0,
    dry: true,
    detail: null,
    ...times,
    ...wish,
  };
}

/** An event as it should stand: taken once, two duplicates, one run with two effects. */
export function storedOf(id: string, wish: Partial<WholeEventView> = {}): WholeEventView {
  return {
    event: {
      uuid: `uuid-${id}`,
      source: 'drills',
      eventId: id,
      providerId: id,
      provider: 'hookline',
      providerType: 'order.created',
      type: 'order.created',
      entity: { type: 'order', id: `drills:${id}` },
      receivedAt: at,
      occurredAt: at,
      test: true,
      state: 'routed',
      code: null,
      detail: null,
      deliveryId: 'd',
      sameBodyAs: null,
      schemaVersion: 1,
      bodyGone: false,
    },
    runs: [runOf({ state: 'done' })],
    effects: [effectOf('inventory.reserve'), effectOf('email.sendOrderConfirmation')],
    deliveries: [deliveryAt(0), deliveryAt(1, { outcome: 'duplicate' }), deliveryAt(2, { outcome: 'duplicate' })],
    ...wish,
  };
}

/** A probe and two orders, each sent three times, and all as it should be. */
export function goodFacts(): DrillFacts {
  const probe = storedOf('p');
  return {
    sent: [sentOf('p', { type: 'hookline.drill', route: null }), sentOf('a'), sentOf('b')],
    answers: [
      answerOf('p', { status: 'ignored' }),
      ...['a', 'b'].flatMap((id) => [
        answerOf(id, { httpStatus: null, status: null, code: 'ECONNRESET' }),
        answerOf(id),
        answerOf(id, { status: 'duplicate' }),
        answerOf(id, { httpStatus: 503, status: 'refused', code: 'store.unavailable' }),
        answerOf(id, { status: 'duplicate', tookMs: 40 }),
      ]),
    ],
    stored: [
      {
        ...probe,
        event: { ...probe.event, state: 'ignored', type: 'hookline:hookline.drill' },
        runs: [],
        effects: [],
        deliveries: [deliveryAt(0, { outcome: 'ignored' })],
      },
      storedOf('a'),
      storedOf('b'),
    ],
    entities: [],
    withCopies: true,
  };
}
