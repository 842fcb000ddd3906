import type { DeliveryView } from '../../../src/admin/api/views/delivery-view.ts';
import type { EventListView } from '../../../src/admin/api/views/event-view.ts';
import type { RunListView } from '../../../src/admin/api/views/run-view.ts';

/** The moment at which every test begins. */
export const T0 = Date.parse('2026-07-01T12:00:00.000Z');

/** A delivery that came so many milliseconds later. */
export function deliveryAt(ms: number, wish: Partial<DeliveryView> = {}): DeliveryView {
  return {
    id: `${String(T0 + ms).padStart(16, '0')}-${wish.id ?? '0'}`,
    source: 'shop',
    receivedAt: new Date(T0 + ms),
    remoteAddress: null,
    headers: [],
    bodySha256: '',
    bodyBytes: 2,
    outcome: 'accepted',
    httpStatus: 200,
    code: null,
    detail: null,
    eventIds: [],
    secretIndex: 0,
    bodyDiffers: false,
    ...(({ id: _id, ...rest }) => rest)(wish),
  };
}

/** An event that came so many milliseconds later. */
export function eventAt(ms: number, wish: Partial<EventListView> = {}): EventListView {
  return {
    uuid: `uuid-${ms}`,
    source: 'shop',
    eventId: '1001',
    providerType: 'order.created',
    type: 'order.created',
    entity: null,
    receivedAt: new Date(T0 + ms),
    test: false,
    state: 'routed',
    code: null,
    detail: null,
    runs: [],
    ...wish,
  };
}

/** A run of the event `1001`. */
export function runOf(wish: Partial<RunListView> = {}): RunListView {
  return {
    source: 'shop',
    eventId: '1001',
    eventUuid: 'uuid-0',
    receivedAt: new Date(T0),
    chain: 'new-order',
    workflowId: 'shop.1001',
    ledger: 'new-order',
    state: 'started',
    attempt: 1,
    round: 0,
    tries: 1,
    runId: null,
    dueAt: new Date(T0),
    startedAt: new Date(T0),
    closedAt: null,
    stuckSince: null,
    code: null,
    detail: null,
    temporalUrl: null,
    ...wish,
  };
}
