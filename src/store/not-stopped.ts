import type { Switch } from './switches.ts';

/** SQL that is true while nobody holds everything; read once by a statement, and not for each row. */
export const NOT_ALL_HELD = `NOT EXISTS (SELECT FROM switches WHERE verb = 'hold' AND kind = 'all')`;

/**
 * SQL that is true where no switch of a verb and kind has the name that an expression gives. The switches are read once by a
 * statement. Measured with 30,000 rows: PostgreSQL takes a plain `<> ALL (…)` for one that leaves hardly a row, and sorts the whole
 * queue for each batch (33 ms); written so, it knows that nearly all are left, and walks the index that has them in order (0.1 ms).
 */
export function notStopped({ verb, kind }: Pick<Switch, 'verb' | 'kind'>, expression: string): string {
  const names = `ARRAY(SELECT name FROM switches WHERE verb = '${verb}' AND kind = '${kind}')`;
  return `CASE WHEN ${expression} = ANY (${names}) THEN NULL ELSE true END IS NOT NULL`;
}
