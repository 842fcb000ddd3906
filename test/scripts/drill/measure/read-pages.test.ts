import { expect, it } from 'vitest';
import { readPages } from '../../../../scripts/drill/measure/read-pages.ts';
import type { Queryable, Rows, Statement } from '../../../../src/store/pool.ts';

/** A table of numbers from 1 on, which reads as PostgreSQL reads a statement with a key and a limit. */
function tableOf(length: number): { readonly db: Queryable; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const db: Queryable = {
    async query<Row>({ values }: Statement): Promise<Rows<Row>> {
      const [after, limit] = values as readonly [number, number]; // as below
      asked.push(after);
      const rows = Array.from({ length: Math.min(limit, length - after) }, (_, index) => ({ number: after + index + 1 }));
      return { rows: rows as readonly unknown[] as readonly Row[], rowCount: rows.length }; // the caller asks for such rows
    },
  };
  return { db, asked };
}

it.each([
  ['fewer than a page', 4, [0]],
  ['whole pages', 10, [0, 5, 10]],
  ['more than whole pages', 12, [0, 5, 10]],
  ['nothing', 0, [0]],
])('reads a table by pages: %s', async (_what, length, pages) => {
  const { db, asked } = tableOf(length);
  const rows = await readPages<{ readonly number: number }>(db, {
    name: 'test.pages',
    text: '',
    before: [0],
    keyOf: (row) => [row.number],
    pageRows: 5,
  });
  expect(rows.map((row) => row.number)).toEqual(Array.from({ length }, (_, index) => index + 1));
  expect(asked).toEqual(pages);
});
