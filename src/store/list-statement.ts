import { sha256 } from '../contracts/ids.ts';
import type { Statement } from './pool.ts';

/** A condition: SQL with a `?` for each value. It is left out where one of its values is undefined. */
export type Condition = readonly [sql: string, ...values: readonly unknown[]];

/** What a list is made of. */
export interface ListQuery {
  /** `family.verb`; the names of the conditions that hold are added to it. */
  readonly name: string;
  /** `SELECT … FROM …`, without values. */
  readonly select: string;
  /** By name. Names and SQL are ours, and never made of what was asked. */
  readonly where: Readonly<Record<string, Condition>>;
  /** `column DESC, …`: must tell any two rows apart, or pages lose some. */
  readonly order: string;
  readonly groupBy?: string;
  /** `FOR UPDATE OF t`, where rows are locked. */
  readonly lock?: string;
  readonly limit: number;
}

/**
 * Makes the statement of a list with only those conditions that were asked for, so that PostgreSQL can choose the index for them.
 * The same conditions give the same name and the same text.
 */
export function toListStatement({ name, select, where, groupBy, order, limit, lock }: ListQuery): Statement {
  const asked = Object.entries(where).filter(([, [, ...conditionValues]]) => conditionValues.every((value) => value !== undefined));
  const values: unknown[] = [];
  const texts = asked.map(([, [sql, ...conditionValues]]) => {
    const given = conditionValues[Symbol.iterator]();
    return sql.replaceAll('?', () => `$${values.push(given.next().value)}`);
  });
  return {
    name: toName([name, ...asked.map(([key]) => key)].join('.')),
    text: [
      select,
      ...(texts.length === 0 ? [] : [`WHERE ${texts.join('\n  AND ')}`]),
      ...(groupBy === undefined ? [] : [`GROUP BY ${groupBy}`]),
      `ORDER BY ${order} LIMIT $${values.push(limit)}`,
      ...(lock === undefined ? [] : [lock]),
    ].join('\n'),
    values,
  };
}

/** PostgreSQL tells names of statements apart by their first 63 bytes. */
const NAME_BYTES = 63;

function toName(name: string): string {
  return name.length <= NAME_BYTES ? name : `${name.slice(0, NAME_BYTES - 17)}.${sha256(name).toString('hex').slice(0, 16)}`;
}

/** Finds a text in columns, in any case of its letters. */
export function holdsText(columns: string, text: string | undefined): Condition {
  return [`strpos(lower(concat_ws(E'\\n', ${columns})), lower(?)) > 0`, text];
}

/** The states written out, each a condition of its own: partial indexes are chosen by constants only. */
export function isState<State extends string>(column: string, state: State | undefined): Readonly<Record<string, Condition>> {
  if (state === undefined) return {};
  if (!/^[a-z_]{1,32}$/.test(state)) throw new RangeError('a state is lower-case letters'); // it would be SQL
  return { [`state-${state}`]: [`${column} = '${state}'`] };
}
