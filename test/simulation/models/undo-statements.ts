import type { ModelStatement, ModelTx } from './model-database.ts';
import { callOf, change, keyOf, newestRound, NOTHING, toColumns, toHex } from './ledger-statements.ts';
import { toParameters } from './parameters.ts';
import { toKey, type EffectRow } from './rows.ts';

/** `ledger.lockUndone` */
export const lockUndone: ModelStatement = function* (tx, values) {
  const target = newestRound(tx, toParameters(values), toParameters(values).text(3));
  if (target === undefined) return NOTHING;
  yield* tx.lock('effects', keyOf(target));
  const row = tx.get('effects', keyOf(target));
  return row === undefined ? NOTHING : { rows: [toColumns(row, false)], rowCount: 1 };
};

/** `ledger.forbid` */
export const forbid: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const made = { attempt: given.number(6), runId: given.text(7), inputSha256: null, dry: false };
  return (yield* make(tx, { ...callOf(given), round: given.number(5), ...made, state: 'undone' })) ? { rows: [], rowCount: 1 } : NOTHING;
};

/** `ledger.markUndone` */
export const markUndone: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  yield* change(
    tx,
    given,
    () => true,
    (row) => ({ ...row, state: 'undone', attempt: given.number(6), runId: given.text(7) }),
  );
  return { rows: [], rowCount: 1 };
};

/** `ledger.claimUndo` */
export const claimUndo: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const made = { attempt: given.number(6), runId: given.text(7), inputSha256: toHex(given.bytesOrNull(8)), dry: given.boolean(9) };
  const row = { ...callOf(given), round: given.number(5), ...made, state: 'intended' } as const;
  return (yield* make(tx, row)) ? { rows: [toColumns({ ...row, ...FRESH }, true)], rowCount: 1 } : NOTHING;
};

/** `ledger.find` */
// oxlint-disable-next-line require-yield -- it waits for nothing
export const find: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const row = tx.get('effects', toKey(given.text(1), given.text(2), given.text(3), given.text(4), given.number(5)));
  return row === undefined ? NOTHING : { rows: [toColumns(row, false)], rowCount: 1 };
};

const FRESH = { result: null, detail: null, sends: 0 } as const;

/** `INSERT … ON CONFLICT DO NOTHING`; false where the row was there. */
function* make(tx: ModelTx, row: Omit<EffectRow, keyof typeof FRESH>): Generator<string, boolean, void> {
  const key = keyOf(row);
  yield* tx.lock('effects', key);
  if (tx.get('effects', key) !== undefined) return false;
  tx.put('effects', key, { ...row, ...FRESH });
  return true;
}
