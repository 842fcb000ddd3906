import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPages } from '../../src/cli/read-pages.ts';

/** A list of so many numbers, whose cursor is the next of them; and how much was asked for each time. */
function listOf(count: number) {
  const asked: number[] = [];
  return {
    asked,
    read: ({ limit, cursor }: { readonly limit: number; readonly cursor: string | undefined }) => {
      asked.push(limit);
      const from = Number(cursor ?? 0);
      const rows = Array.from({ length: Math.min(limit, count - from) }, (_item, index) => from + index);
      return Promise.resolve({ rows, next: from + limit < count ? String(from + limit) : null });
    },
    rowsOf: ({ rows }: { readonly rows: readonly number[] }) => rows,
  };
}

describe('a list that is read page by page', () => {
  test('is its beginning, and what is left is told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(900), fc.integer({ min: 1, max: 1_000 }), async (count, limit) => {
        const list = listOf(count);
        const { rows, next } = await readPages({ limit }, list);
        expect(rows).toEqual(Array.from({ length: Math.min(count, limit) }, (_item, index) => index));
        expect(next).toBe(count > limit ? String(limit) : null);
        expect(Math.max(...list.asked)).toBeLessThanOrEqual(200);
      }),
    );
  });

  test('is read to its end where all of it is wanted, from a cursor on', async () => {
    const { rows, next } = await readPages({ limit: 20, all: true, cursor: '300' }, listOf(1_234));
    expect({ first: rows[0], last: rows.at(-1), count: rows.length, next }).toEqual({ first: 300, last: 1_233, count: 934, next: null });
  });

  test('tells what the first page has told beside rows', async () => {
    const { first } = await readPages({ limit: 300 }, listOf(500));
    expect(first.rows).toHaveLength(200);
  });
});
