import type { Facts, Outage, SentEvent, VendorEntry, VendorName } from '../../../scripts/drill/facts.ts';

const VERSIONS = ['2026-03-01T10:00:00.000Z', '2026-03-01T10:00:01.000Z'] as const;

const ORDER: SentEvent = {
  id: 'order-1',
  type: 'order.created',
  chain: 'new-order',
  entity: { type: 'order', id: 'shop:order-1', version: VERSIONS[0], says: { status: 'reserved' } },
  expects: [
    { vendor: 'mail', about: 'order-1@example.com' },
    { vendor: 'warehouse', about: 'shop:order-1' },
    { vendor: 'analytics', about: 'order_created shop:order-1' },
    { vendor: 'stock', about: 'shop:order-1' },
  ],
  tail: false,
};
/** When it began. */
const AT_MS = Date.parse(VERSIONS[0]);
const PORT = 8787;
/** Tables of our own tell no times. */
const OURS = new Set<VendorName>(['analytics', 'stock']);
const changeOf = (id: string, version: string, tail: boolean): SentEvent => ({
  id,
  type: 'customer.updated',
  chain: 'sync-customer',
  entity: { type: 'customer', id: 'shop:c1', version, says: { name: `as of ${id}` } },
  expects: [],
  tail,
});

/** Made-up facts of a drill in which everything held: an order, and two changes of a customer, the older of which came last. */
export const GOOD_FACTS: Facts = {
  faults: [{ what: 'worker-1 was killed', atS: 1 }],
  outages: [
    outageOf({ what: 'temporal', name: 'temporal', how: 'kill', fromMs: AT_MS + 500, untilMs: AT_MS + 1_500 }),
    outageOf({ what: 'worker', name: 'worker-1', how: 'kill', fromMs: AT_MS + 1_200, untilMs: AT_MS + 1_300 }),
    outageOf({ what: 'ingress', name: 'ingress-1', how: 'stop', fromMs: AT_MS + 2_500, untilMs: AT_MS + 3_000 }),
  ],
  drain: null,
  wantsFaults: true,
  sent: [ORDER, changeOf('change-1', VERSIONS[0], false), changeOf('change-2', VERSIONS[1], true)],
  answers: [
    { eventId: 'order-1', status: null, told: 'ECONNREFUSED', atMs: AT_MS, tookMs: 1, port: PORT },
    { eventId: 'order-1', status: 200, told: 'accepted', atMs: AT_MS + 1_000, tookMs: 5, port: PORT },
    { eventId: 'order-1', status: 200, told: 'duplicate', atMs: AT_MS + 2_000, tookMs: 5, port: PORT },
    { eventId: 'change-1', status: 503, told: 'ingress.draining', atMs: AT_MS + 3_000, tookMs: 5, port: PORT },
    { eventId: 'change-2', status: 200, told: 'accepted', atMs: AT_MS + 4_000, tookMs: 5, port: PORT },
    { eventId: 'change-1', status: 200, told: 'accepted', atMs: AT_MS + 5_000, tookMs: 9, port: PORT },
  ],
  events: ['order-1', 'change-1', 'change-2'].map((id) => ({ uuid: `uuid of ${id}`, id, state: 'routed', code: null })),
  runs: [runOf('order-1', 'new-order', 1), runOf('change-1', 'sync-customer', 1), runOf('change-2', 'sync-customer', 2)],
  openInTemporal: [],
  effects: [
    effectOf('order-1', 'inventory.reserve', 'k-reserve'),
    effectOf('order-1', 'email.sendOrderConfirmation', 'k-mail'),
    effectOf('order-1', 'fulfilment.notifyWarehouse', 'k-warehouse'),
    effectOf('order-1', 'analytics.record', 'k-analytics'),
    effectOf('change-1', 'crm.mergeProfile', 'k-merge-1'),
    effectOf('change-2', 'crm.mergeProfile', 'k-merge-2'),
    effectOf('change-2', 'crm.upsertProfile', 'k-crm'),
  ],
  entities: [
    { type: 'order', id: 'shop:order-1', fields: { status: 'reserved' } },
    { type: 'customer', id: 'shop:c1', fields: { name: 'as of change-2' } },
  ],
  vendors: [
    { ...entryOf('mail', 'k-mail', 'order-1@example.com'), performed: false, answer: 'error' },
    entryOf('mail', 'k-mail', 'order-1@example.com'),
    // a reset after it was done: asked again under the same key
    { ...entryOf('warehouse', 'k-warehouse', 'shop:order-1'), answer: 'resetAfter' },
    entryOf('warehouse', 'k-warehouse', 'shop:order-1'),
    { ...entryOf('crm', 'k-crm', 'shop:c1'), version: VERSIONS[1] },
    entryOf('analytics', 'k-analytics', 'order_created shop:order-1'),
    entryOf('stock', '', 'shop:order-1'),
  ],
  stock: { initial: 100, available: 99, held: 1 },
  switches: [],
  samples: Array.from({ length: 400 }, (_, look) => ({
    process: 'worker-1',
    atS: look * 10,
    rssMb: 300 + (look % 7),
    fds: 40 + (look % 3),
  })),
  died: [],
};

/** The order's run waits for a person, since nobody knows of its mail; what it had held is free again. */
export const FACTS_WITH_UNKNOWN_MAIL: Facts = {
  ...GOOD_FACTS,
  runs: GOOD_FACTS.runs.map((run) => (run.chain === 'new-order' ? { ...run, state: 'failed', code: 'effect.unknown' } : run)),
  effects: [
    { ...effectOf('order-1', 'inventory.reserve', 'k-reserve'), state: 'undone' },
    effectOf('order-1', 'inventory.release', 'k-release'),
    { ...effectOf('order-1', 'email.sendOrderConfirmation', 'k-mail'), state: 'unknown' },
    ...GOOD_FACTS.effects.filter(({ action }) => action.startsWith('crm.')),
  ],
  vendors: GOOD_FACTS.vendors.filter(({ vendor }) => vendor === 'mail' || vendor === 'crm'),
  stock: { initial: 100, available: 100, held: 0 },
};

function effectOf(eventId: string, action: string, outsideKey: string): Facts['effects'][number] {
  return { eventUuid: `uuid of ${eventId}`, action, round: 0, state: 'done', outsideKey };
}

function entryOf(vendor: VendorName, key: string, about: string): VendorEntry {
  return {
    vendor,
    key,
    about,
    bodySha256: 'aa',
    version: null,
    performed: true,
    answer: 'ok',
    atMs: OURS.has(vendor) ? null : AT_MS + 6_000,
  };
}

function runOf(eventId: string, chain: string, attempt: number): Facts['runs'][number] {
  const times = { startedAtMs: AT_MS + 5_000, closedAtMs: AT_MS + 6_000 };
  return { eventUuid: `uuid of ${eventId}`, chain, state: 'done', attempt, code: null, workflowId: `shop.${eventId}`, ...times };
}

function outageOf(outage: Omit<Outage, 'goneMs' | 'readyMs' | 'port'>): Outage {
  const { what, fromMs, untilMs } = outage;
  return { ...outage, goneMs: fromMs + 100, readyMs: (untilMs ?? fromMs) + 100, port: what === 'ingress' ? PORT : null };
}
