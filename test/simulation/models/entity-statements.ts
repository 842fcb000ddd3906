import type { Rows } from '../../../src/store/pool.ts';
import type { ModelStatement } from './model-database.ts';
import { toParameters } from './parameters.ts';
import { toKey } from './rows.ts';

const NOTHING: Rows<object> = { rows: [], rowCount: 0 };

/** `entities.lock` */
export const lock: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const key = toKey(given.text(1), given.text(2));
  if (tx.get('entities', key) === undefined) return NOTHING;
  yield* tx.lock('entities', key);
  const row = tx.get('entities', key);
  if (row === undefined) return NOTHING;
  return { rows: [{ fields: JSON.parse(row.fields) as unknown, versions: JSON.parse(row.versions) as unknown }], rowCount: 1 };
};

/** `entities.insert` */
export const insert: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const [type, id] = [given.text(1), given.text(2)];
  yield* tx.lock('entities', toKey(type, id));
  if (tx.get('entities', toKey(type, id)) !== undefined) return NOTHING;
  tx.put('entities', toKey(type, id), { type, id, fields: given.text(3), versions: given.text(4) });
  return { rows: [], rowCount: 1 };
};

/** `entities.update` */
export const update: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const [type, id] = [given.text(1), given.text(2)];
  if (tx.get('entities', toKey(type, id)) === undefined) return NOTHING;
  yield* tx.lock('entities', toKey(type, id));
  tx.put('entities', toKey(type, id), { type, id, fields: given.text(3), versions: given.text(4) });
  return { rows: [], rowCount: 1 };
};

/** `test.book`: a write of the simulation's state action that shows how often it was done. */
export const book: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const id = String(tx.next());
  yield* tx.lock('bookings', id);
  tx.put('bookings', id, { id, effectKey: given.text(1), eventUuid: given.text(2), stands: true });
  return { rows: [], rowCount: 1 };
};

/** `test.unbook`: takes the newest booking of an event back. */
export const unbook: ModelStatement = function* (tx, values) {
  const eventUuid = toParameters(values).text(1);
  const newest = tx.all('bookings').findLast((row) => row.eventUuid === eventUuid && row.stands);
  if (newest === undefined) return NOTHING;
  yield* tx.lock('bookings', newest.id);
  tx.put('bookings', newest.id, { ...newest, stands: false });
  return { rows: [], rowCount: 1 };
};

/** `switches.set` */
export const setSwitch: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const [verb, kind, name] = [given.text(1), given.text(2), given.text(3)];
  yield* tx.lock('switches', toKey(verb, kind, name));
  if (tx.get('switches', toKey(verb, kind, name)) !== undefined) return NOTHING;
  tx.put('switches', toKey(verb, kind, name), { verb: verb === 'hold' ? 'hold' : 'pause', kind, name, since: tx.now });
  return { rows: [], rowCount: 1 };
};

/** `switches.clear` */
export const clearSwitch: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const key = toKey(given.text(1), given.text(2), given.text(3));
  yield* tx.lock('switches', key);
  if (tx.get('switches', key) === undefined) return NOTHING;
  tx.delete('switches', key);
  return { rows: [], rowCount: 1 };
};
