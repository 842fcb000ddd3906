import type { RunState } from '../../../src/contracts/webhook.ts';
import type { Rows } from '../../../src/store/pool.ts';
import type { ModelStatement, ModelTx } from './model-database.ts';
import { toParameters } from './parameters.ts';
import { toKey, type EventRow, type RunRow } from './rows.ts';

const NO_LEASE = { leaseOwner: null, leaseUntil: null } as const;
const NOT_STUCK = { stuckSince: null } as const;
const NOTHING: Rows<object> = { rows: [], rowCount: 0 };

/** What becomes of a run that is asked to start again. */
export function repaired(run: RunRow, now: number): RunRow {
  return { ...run, ...NO_LEASE, ...NOT_STUCK, state: 'repair_requested', attempt: run.attempt + 1, restarts: 0, tries: 0, dueAt: now };
}

/** `runs.claim`: leases what is due, oldest receipt first. */
export const claim: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const [owner, limit, leaseMs] = [given.text(1), given.number(2), given.number(3)];
  const switches = tx.all('switches');
  const isPaused = (kind: string, name: string): boolean =>
    switches.some((set) => set.verb === 'pause' && set.kind === kind && set.name === name);
  const isDue = (run: RunRow): boolean =>
    isToStart(run) &&
    run.dueAt <= tx.now &&
    (run.leaseUntil === null || run.leaseUntil <= tx.now) &&
    !switches.some(({ verb, kind }) => verb === 'hold' && kind === 'all') &&
    !isPaused('source', run.workflowId.slice(0, run.workflowId.indexOf('.'))) &&
    !isPaused('chain', run.chain);
  const due = tx
    .all('runs')
    .filter((run) => isDue(run) && !tx.isTaken('runs', keyOf(run)))
    .toSorted((a, b) => a.seq - b.seq)
    .slice(0, limit);
  const rows: object[] = [];
  for (const run of due) {
    yield* tx.lock('runs', keyOf(run));
    tx.put('runs', keyOf(run), { ...run, leaseOwner: owner, leaseUntil: tx.now + leaseMs });
    const event = tx.all('events').find(({ uuid }) => uuid === run.eventUuid);
    if (event !== undefined) rows.push(toClaimed(run, event));
  }
  return { rows, rowCount: rows.length };
};

function toClaimed(run: RunRow, event: EventRow): object {
  return {
    event_uuid: run.eventUuid,
    chain: run.chain,
    seq: run.seq,
    workflow_id: run.workflowId,
    ledger: run.ledger,
    state: run.state,
    attempt: run.attempt,
    round: run.round,
    restarts: run.restarts,
    tries: run.tries,
    source: event.source,
    event_id: event.eventId,
    type: event.type,
    entity_type: event.entityType,
    entity_id: event.entityId,
    occurred_at: new Date(event.occurredAt),
    received_at: new Date(event.receivedAt),
    test: event.test,
    data: event.data === null ? null : (JSON.parse(event.data) as unknown),
    delivery_id: event.deliveryId,
  };
}

/** `runs.markStarted` */
export const markStarted: ModelStatement = (tx, values) =>
  mark(tx, values, isToStart, (run, given) => ({
    ...run,
    ...NO_LEASE,
    ...NOT_STUCK,
    state: 'started',
    runId: given.text(4),
    startedAt: tx.now,
    closedAt: null,
    checkAt: tx.now + 5_000,
    checks: 0,
    code: null,
    detail: null,
    result: null,
  }));

/** `runs.postpone` */
export const postpone: ModelStatement = (tx, values) =>
  mark(tx, values, isToStart, (run, given) => ({
    ...run,
    ...NO_LEASE,
    dueAt: tx.now + given.number(4),
    tries: run.tries + given.number(5),
  }));

/** `runs.failStart` */
export const failStart: ModelStatement = (tx, values) =>
  mark(tx, values, isToStart, (run, given) => ({
    ...run,
    ...NO_LEASE,
    state: 'failed',
    closedAt: tx.now,
    code: given.text(4),
    detail: given.textOrNull(5),
    result: null,
  }));

/** `runs.markOutcome` */
export const markOutcome: ModelStatement = (tx, values) => {
  const state = toParameters(values).text(4);
  const takes = (run: RunRow): boolean =>
    isToStart(run) || run.state === 'started' || (state === 'done' && (run.state === 'failed' || run.state === 'stopped'));
  return mark(tx, values, takes, (run, given) => ({
    ...run,
    ...NO_LEASE,
    ...NOT_STUCK,
    state: state as RunState, // the product's own type of the column
    closedAt: tx.now,
    checkAt: null,
    code: given.textOrNull(5),
    detail: given.textOrNull(6),
    result: given.textOrNull(7),
  }));
};

/** `runs.restartForgotten` */
export const restartForgotten: ModelStatement = (tx, values) =>
  mark(tx, values, isStarted, (run) => ({
    ...run,
    ...NO_LEASE,
    ...NOT_STUCK,
    state: 'pending',
    restarts: run.restarts + 1,
    tries: 0,
    dueAt: tx.now,
    checkAt: null,
    code: null,
    detail: null,
  }));

/** `runs.markStuck` */
export const markStuck: ModelStatement = (tx, values) =>
  mark(tx, values, isStarted, (run, given) => ({
    ...run,
    stuckSince: run.stuckSince ?? tx.now,
    code: given.text(4),
    detail: given.textOrNull(5),
    checkAt: Math.min(run.checkAt ?? Infinity, tx.now + 30_000),
  }));

/** `runs.clearStuck` */
export const clearStuck: ModelStatement = (tx, values) =>
  mark(
    tx,
    values,
    (run) => isStarted(run) && run.stuckSince !== null,
    (run) => ({ ...run, ...NOT_STUCK, code: null, detail: null }),
  );

/** Changes the run of an event, chain and attempt where it is in a state that the statement is for. */
function* mark(
  tx: ModelTx,
  values: readonly unknown[],
  takes: (run: RunRow) => boolean,
  change: (run: RunRow, given: ReturnType<typeof toParameters>) => RunRow,
): Generator<string, Rows<object>, void> {
  const given = toParameters(values);
  const key = toKey(given.text(1), given.text(2));
  const isMeant = (run: RunRow | undefined): run is RunRow => run?.attempt === given.number(3) && takes(run);
  if (!isMeant(tx.get('runs', key))) return NOTHING;
  yield* tx.lock('runs', key);
  const run = tx.get('runs', key);
  if (!isMeant(run)) return NOTHING;
  tx.put('runs', key, change(run, given));
  return { rows: [], rowCount: 1 };
}

function isToStart({ state }: RunRow): boolean {
  return state === 'pending' || state === 'repair_requested';
}

/** Whether Temporal runs it, as its row says. */
export function isStarted({ state }: RunRow): boolean {
  return state === 'started';
}

/** The primary key of a run. */
export function keyOf({ eventUuid, chain }: RunRow): string {
  return toKey(eventUuid, chain);
}
