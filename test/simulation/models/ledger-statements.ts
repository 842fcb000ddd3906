import type { EffectState } from '../../../src/store/ledger.ts';
import type { Rows } from '../../../src/store/pool.ts';
import type { ModelStatement, ModelTx } from './model-database.ts';
import { toParameters, type Parameters } from './parameters.ts';
import { toKey, type EffectRow, type SwitchRow } from './rows.ts';

const OPEN: readonly EffectState[] = ['intended', 'sending', 'unknown'];
/** No row. */
export const NOTHING: Rows<object> = { rows: [], rowCount: 0 };

/** `ledger.claim`: finds the newest round of an effect, or makes the first, or the one after an undone one. */
export const claim: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const [attempt, runId] = [given.number(6), given.text(7)];
  const latest = newestRound(tx, given, given.text(3));
  const isAgain = latest?.state === 'undone' && latest.runId !== runId && latest.attempt <= attempt;
  const found = latest === undefined || isAgain ? [] : [toColumns(latest, false)];
  if ((latest !== undefined && !isAgain) || stopOf(tx, given, 10) !== undefined) return { rows: found, rowCount: found.length };
  const row: EffectRow = {
    ...callOf(given),
    round: latest === undefined ? given.number(5) : latest.round + 1,
    state: 'intended',
    attempt,
    runId,
    inputSha256: toHex(given.bytesOrNull(8)),
    result: null,
    detail: null,
    sends: 0,
    dry: given.boolean(9),
  };
  yield* tx.lock('effects', keyOf(row));
  if (tx.get('effects', keyOf(row)) !== undefined) return NOTHING; // made by another since this statement's snapshot
  tx.put('effects', keyOf(row), row);
  return { rows: [toColumns(row, true)], rowCount: 1 };
};

/** `ledger.takeOver` */
export const takeOver: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const [attempt, runId] = [given.number(6), given.text(7)];
  const changed = yield* change(
    tx,
    given,
    (row) => row.attempt <= attempt && row.sends === given.number(8) && OPEN.includes(row.state),
    (row) => ({ ...row, attempt, runId, dry: row.dry || (given.boolean(9) && row.state === 'intended') }),
  );
  return changed === undefined ? NOTHING : { rows: [{ dry: changed.dry }], rowCount: 1 };
};

/** `ledger.markSending` */
export const markSending: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const stop = stopOf(tx, given, 9);
  const wait = tx.all('vendorWaits').find(({ adapter, until }) => adapter === given.textOrNull(12) && until > tx.now);
  const isOwn = (row: EffectRow): boolean =>
    row.attempt === given.number(6) && row.runId === given.text(7) && row.sends === given.number(8) && OPEN.includes(row.state) && !row.dry;
  const isFree = stop === undefined && wait === undefined;
  const changed = isFree ? yield* change(tx, given, isOwn, (row) => ({ ...row, state: 'sending', sends: row.sends + 1 })) : undefined;
  const waits = { wait_until: wait === undefined ? null : new Date(wait.until), wait_ms: wait === undefined ? null : wait.until - tx.now };
  return { rows: [{ marked: changed !== undefined, ...toStopColumns(stop, tx.now), ...waits }], rowCount: 1 };
};

/** `ledger.settle` */
export const settle: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const changed = yield* change(
    tx,
    given,
    (row) => row.sends === given.number(9) && OPEN.includes(row.state),
    (row) => ({ ...row, state: given.text(6) as EffectState, result: given.textOrNull(7), detail: given.textOrNull(8) }), // the product's own type
  );
  return changed === undefined ? NOTHING : { rows: [], rowCount: 1 };
};

/** `ledger.settleAndWait` */
export const settleAndWait: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  yield* change(
    tx,
    given,
    (row) => row.sends === given.number(8) && OPEN.includes(row.state),
    (row) => ({ ...row, state: given.text(6) as EffectState, result: null, detail: given.textOrNull(7) }), // likewise
  );
  const [adapter, until] = [given.text(9), tx.now + given.number(10)];
  yield* tx.lock('vendorWaits', adapter);
  const before = tx.get('vendorWaits', adapter);
  const since = before !== undefined && before.until > tx.now ? before.since : tx.now;
  tx.put('vendorWaits', adapter, { adapter, until: Math.max(before?.until ?? 0, until), since });
  return { rows: [], rowCount: 1 };
};

/** `effects.settle`: what a person has found out. */
export const settleByPerson: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const changed = yield* change(
    tx,
    given,
    (row) => row.state === 'unknown' && row.sends === given.number(8),
    (row) => ({ ...row, state: given.text(6) as EffectState, result: null, detail: `${given.text(7)} at ${toSeconds(tx.now)}` }), // likewise
  );
  return changed === undefined ? NOTHING : { rows: [], rowCount: 1 };
};

/** `effects.lockRuns` */
export const lockRuns: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const found = tx.all('runs').filter(({ eventUuid, ledger }) => eventUuid === given.text(1) && ledger === given.text(2));
  const rows: object[] = [];
  for (const { eventUuid, chain } of found.toSorted((a, b) => (a.chain < b.chain ? -1 : 1))) {
    yield* tx.lock('runs', toKey(eventUuid, chain));
    const run = tx.get('runs', toKey(eventUuid, chain));
    if (run !== undefined) rows.push({ chain, state: run.state });
  }
  return { rows, rowCount: rows.length };
};

/** `stops.find` */
// oxlint-disable-next-line require-yield -- it waits for nothing
export const findStop: ModelStatement = function* (tx, values) {
  const stop = stopOf(tx, toParameters(values), 1);
  return stop === undefined ? NOTHING : { rows: [toStopColumns(stop, tx.now)], rowCount: 1 };
};

/** `UPDATE … WHERE` of one row: waits only for one that the statement's snapshot finds, and judges it again once it has the lock. */
export function* change(
  tx: ModelTx,
  given: Parameters,
  takes: (row: EffectRow) => boolean,
  by: (row: EffectRow) => EffectRow,
): Generator<string, EffectRow | undefined, void> {
  const key = toKey(given.text(1), given.text(2), given.text(3), given.text(4), given.number(5));
  const seen = tx.get('effects', key);
  if (seen === undefined || !takes(seen)) return undefined;
  yield* tx.lock('effects', key);
  const row = tx.get('effects', key);
  if (row === undefined || !takes(row)) return undefined;
  const next = by(row);
  tx.put('effects', key, next);
  return next;
}

/** The newest round of a call, from the round on that counts. */
export function newestRound(tx: ModelTx, given: Parameters, action: string): EffectRow | undefined {
  return tx
    .all('effects')
    .filter((row) => row.eventUuid === given.text(1) && row.ledger === given.text(2) && row.action === action && row.key === given.text(4))
    .filter(({ round }) => round >= given.number(5))
    .toSorted((a, b) => b.round - a.round)[0];
}

function stopOf(tx: ModelTx, given: Parameters, from: number): SwitchRow | undefined {
  const named = ['source', 'chain', 'agent', 'adapter'].map((kind, index) => [kind, given.textOrNull(from + index)] as const);
  return tx
    .all('switches')
    .filter(({ verb, kind, name }) => (verb === 'hold' ? kind === 'all' : named.some(([of, called]) => of === kind && called === name)))
    .toSorted((a, b) => a.since - b.since)[0];
}

function toStopColumns(stop: SwitchRow | undefined, now: number): object {
  if (stop === undefined) return { stop_verb: null, stop_kind: null, stop_name: null, stop_ms: null };
  return { stop_verb: stop.verb, stop_kind: stop.kind, stop_name: stop.name, stop_ms: now - stop.since };
}

/** The four columns of a key, which are the first values of every statement of the ledger. */
export function callOf(given: Parameters): Pick<EffectRow, 'eventUuid' | 'ledger' | 'action' | 'key'> {
  return { eventUuid: given.text(1), ledger: given.text(2), action: given.text(3), key: given.text(4) };
}

/** A row as the statements answer it. */
export function toColumns(row: EffectRow, fresh: boolean): object {
  const { round, state, attempt, runId: run_id, sends, dry } = row;
  const input_sha256 = row.inputSha256 === null ? null : Buffer.from(row.inputSha256, 'hex');
  return {
    fresh,
    round,
    state,
    attempt,
    run_id,
    input_sha256,
    result: row.result === null ? null : (JSON.parse(row.result) as unknown),
    sends,
    dry,
  };
}

/** The primary key of a row. */
export function keyOf({
  eventUuid,
  ledger,
  action,
  key,
  round,
}: Pick<EffectRow, 'eventUuid' | 'ledger' | 'action' | 'key' | 'round'>): string {
  return toKey(eventUuid, ledger, action, key, round);
}

/** Bytes as the model keeps them. */
export function toHex(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString('hex');
}

function toSeconds(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}
