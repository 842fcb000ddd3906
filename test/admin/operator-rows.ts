import type { DeliveryRow } from '../../src/store/deliveries.ts';
import type { EffectRow, EventRow } from '../../src/store/events.ts';
import type { RunRow } from '../../src/store/runs.ts';

/** When everything in these rows has happened. */
export const THEN = new Date('2026-03-01T10:00:00Z');

/** An event's row: one of an order, routed. */
export function eventRow(wish: Partial<EventRow> = {}): EventRow {
  return {
    uuid: '01a20c4b-0000-7000-8000-000000000001',
    source: 'shop',
    eventId: '1001',
    providerId: '1001',
    provider: 'shopify',
    providerType: 'orders/create',
    type: 'order.created',
    entity: { type: 'order', id: 'shopify:1001' },
    occurredAt: THEN,
    receivedAt: THEN,
    test: false,
    state: 'routed',
    code: null,
    detail: null,
    data: {},
    schemaVersion: 1,
    bodyGone: false,
    deliveryId: '01a20c4b-0000-7000-8000-000000000009',
    sameBodyAs: null,
    ...wish,
  };
}

/** A run's row: one of `new-order`, done. */
export function runRow(wish: Partial<RunRow> = {}): RunRow {
  return {
    eventUuid: '01a20c4b-0000-7000-8000-000000000001',
    chain: 'new-order',
    workflowId: 'shop.1001',
    ledger: 'new-order',
    state: 'done',
    attempt: 1,
    round: 0,
    tries: 0,
    runId: null,
    dueAt: THEN,
    startedAt: THEN,
    closedAt: THEN,
    stuckSince: null,
    code: null,
    detail: null,
    result: null,
    ...wish,
  };
}

/** An effect's row: a mail of `new-order`, done. */
export function effectRow(wish: Partial<EffectRow> = {}): EffectRow {
  return {
    ledger: 'new-order',
    action: 'email.sendOrderConfirmation',
    key: '0',
    round: 0,
    state: 'done',
    attempt: 1,
    sends: 1,
    dry: false,
    detail: null,
    result: null,
    intendedAt: THEN,
    updatedAt: THEN,
    ...wish,
  };
}

/** A delivery's row: accepted. */
export function deliveryRow(wish: Partial<DeliveryRow> = {}): DeliveryRow {
  return {
    id: '01a20c4b-0000-7000-8000-000000000009',
    source: 'shop',
    receivedAt: THEN,
    remoteAddress: null,
    headers: [],
    bodySha256: Buffer.alloc(32),
    bodyBytes: 2,
    outcome: 'accepted',
    httpStatus: 200,
    code: null,
    detail: null,
    eventIds: ['1001'],
    secretIndex: 0,
    bodyDiffers: false,
    ...wish,
  };
}
