import type { EventState } from '../../../src/contracts/webhook.ts';
import type { ModelStatement, ModelTx } from './model-database.ts';
import { toMs, toParameters, toTextOrNull, type Parameters } from './parameters.ts';
import { toKey, type RunRow } from './rows.ts';
import { repaired } from './run-statements.ts';

const RANKS = ['routed', 'quarantined', 'held', 'ignored'] as const satisfies readonly EventState[];
const OUTCOMES = ['accepted', 'quarantined', 'held', 'ignored'] as const;

/** `inbox.insert`: deliveries, their new events and the runs of these; a source and an event id are taken once. */
export const insert: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const added = yield* insertEvents(tx, given);
  yield* insertRuns(tx, given, added);
  yield* insertDeliveries(tx, given, added);
  const row = { added: [...added.keys()].join(','), same: '' };
  return { rows: [row], rowCount: 1 };
};

/** UUID → state of the events that are new. */
type Added = ReadonlyMap<string, EventState>;

function* insertEvents(tx: ModelTx, given: Parameters): Generator<string, Added, void> {
  const [sources, deliveryIds, receivedAt] = [given.texts(2), given.texts(1), given.list(4)];
  const deliveries = given.numbers(14);
  const [uuids, eventIds, types, states] = [given.texts(15), given.texts(16), given.texts(19), given.texts(24)];
  const inOrder = uuids
    .map((uuid, index) => ({ uuid, index, at: (deliveries[index] ?? 0) - 1, eventId: eventIds[index] ?? '' }))
    .map((event) => ({ ...event, source: sources[event.at] ?? '' }))
    .toSorted((a, b) => compare(a.source, b.source) || compare(a.eventId, b.eventId));
  const added = new Map<string, EventState>();
  for (const { uuid, index, at, eventId, source } of inOrder) {
    const key = toKey(source, eventId);
    yield* tx.lock('events', key);
    if (tx.get('events', key) !== undefined) continue;
    const state = states[index] as EventState; // the product's own type of the column
    added.set(uuid, state);
    tx.put('events', key, {
      uuid,
      source,
      eventId,
      type: types[index] ?? '',
      entityType: toTextOrNull(given.list(20)[index]),
      entityId: toTextOrNull(given.list(21)[index]),
      occurredAt: toMs(given.list(22)[index]),
      receivedAt: toMs(receivedAt[at]),
      test: given.list(23)[index] === true,
      state,
      data: toTextOrNull(given.list(27)[index]),
      deliveryId: deliveryIds[at] ?? '',
      bodySha256: given.digest(13, at),
    });
  }
  return added;
}

function* insertRuns(tx: ModelTx, given: Parameters, added: Added): Generator<string, void, void> {
  const [chains, workflowIds, ledgers] = [given.texts(30), given.texts(31), given.texts(32)];
  for (const [index, eventUuid] of given.texts(29).entries()) {
    if (!added.has(eventUuid)) continue;
    const chain = chains[index] ?? '';
    yield* tx.lock('runs', toKey(eventUuid, chain));
    const row: RunRow = {
      ...NEW_RUN,
      eventUuid,
      chain,
      seq: tx.next(),
      workflowId: workflowIds[index] ?? '',
      ledger: ledgers[index] ?? '',
      dueAt: tx.now,
    };
    tx.put('runs', toKey(eventUuid, chain), row);
  }
}

const NEW_RUN = {
  state: 'pending',
  attempt: 1,
  round: 0,
  restarts: 0,
  leaseOwner: null,
  leaseUntil: null,
  tries: 0,
  runId: null,
  startedAt: null,
  closedAt: null,
  checkAt: null,
  checks: 0,
  stuckSince: null,
  code: null,
  detail: null,
  result: null,
} as const;

function* insertDeliveries(tx: ModelTx, given: Parameters, added: Added): Generator<string, void, void> {
  const [mentioning, eventIds, uuids] = [given.numbers(33), given.texts(34), given.list(35).map(toTextOrNull)]; // none of what was mentioned before
  for (const [at, id] of given.texts(1).entries()) {
    const mine = mentioning.flatMap((delivery, index) => (delivery === at + 1 ? [index] : []));
    const ranks = mine.map((index) => RANKS.findIndex((state) => state === added.get(uuids[index] ?? ''))).filter((rank) => rank >= 0);
    yield* tx.lock('deliveries', id);
    tx.put('deliveries', id, {
      id,
      source: given.texts(2)[at] ?? '',
      outcome: OUTCOMES[Math.min(...ranks)] ?? 'duplicate',
      eventIds: mine.map((index) => eventIds[index] ?? ''),
      bodyDiffers: false,
    });
  }
}

/** `inbox.repair`: what duplicates have met; failed runs of theirs are asked to start again. */
export const repairMet: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const [sources, eventIds, leftToAPerson] = [given.texts(2), given.texts(3), given.texts(5)];
  const met = given.texts(1).flatMap((deliveryId, index) => {
    const event = tx.get('events', toKey(sources[index] ?? '', eventIds[index] ?? ''));
    return event === undefined ? [] : [{ deliveryId, event, n: index + 1, differs: event.bodySha256 !== given.digest(4, index) }];
  });
  const uuids = new Set(met.map(({ event }) => event.uuid));
  const runsBefore = tx.all('runs').filter(({ eventUuid }) => uuids.has(eventUuid));
  const failed = runsBefore.filter(({ state, code }) => state === 'failed' && !leftToAPerson.includes(code ?? ''));
  const repairing = new Set<string>();
  for (const { eventUuid, chain } of failed) {
    yield* tx.lock('runs', toKey(eventUuid, chain));
    const run = tx.get('runs', toKey(eventUuid, chain));
    if (run?.state !== 'failed' || leftToAPerson.includes(run.code ?? '')) continue;
    tx.put('runs', toKey(eventUuid, chain), repaired(run, tx.now));
    repairing.add(eventUuid);
  }
  for (const { deliveryId } of met.filter(({ differs }) => differs)) {
    yield* tx.lock('deliveries', deliveryId);
    const delivery = tx.get('deliveries', deliveryId);
    if (delivery !== undefined) tx.put('deliveries', deliveryId, { ...delivery, bodyDiffers: true });
  }
  const rows = met.map(({ n, event: { uuid }, differs }) => ({
    n,
    uuid,
    body_differs: differs,
    repairing: repairing.has(uuid),
    stopped: runsBefore.some(({ eventUuid, state }) => eventUuid === uuid && state === 'stopped'),
  }));
  return { rows, rowCount: rows.length };
};

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
