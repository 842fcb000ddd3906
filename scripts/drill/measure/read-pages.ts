import type { Queryable } from '../../../src/store/pool.ts';

/** Rows that a statement reads at a time: it takes the key of the last row that was read, and then how many rows to read. */
export interface PagedStatement<Row> {
  readonly name: string;
  readonly text: string;
  /** A key before all others. */
  readonly before: readonly unknown[];
  readonly keyOf: (row: Row) => readonly unknown[];
  /** @default 5,000 */
  readonly pageRows?: number;
}

const PAGE_ROWS = 5_000;

/** Reads every row of a table, however many there are: no statement comes near the limits of time that the pool sets. */
export async function readPages<Row>(
  db: Queryable,
  { name, text, before, keyOf, pageRows = PAGE_ROWS }: PagedStatement<Row>,
): Promise<readonly Row[]> {
  const all: Row[] = [];
  for (let key = before; ;) {
    const { rows } = await db.query<Row>({ name, text, values: [...key, pageRows] });
    for (const row of rows) all.push(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return all;
    key = keyOf(last);
  }
}
