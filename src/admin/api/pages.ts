import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { DEFAULT_LIMIT } from './fields.ts';

/** What `toPage` is made of: one row more than a page has tells whether there is another. */
export interface PageWish<Row, Key extends z.ZodTuple> {
  readonly query: { readonly limit?: number | undefined; readonly cursor?: string | undefined };
  /** What tells where a row stands in the list. */
  readonly key: Key;
  toKey(row: Row): z.output<Key>;
  /** At most `limit` rows, those that come after `before` in the list. */
  list(wish: { readonly limit: number; readonly before: z.output<Key> | undefined }): Promise<readonly Row[]>;
}

/** A page of a list. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** The cursor of the next one; null after the last. */
  readonly next: string | null;
}

/** Reads one page. Pages go by the key of the last row and not by counting, so that rows which are added meanwhile neither hide nor repeat any. */
export async function toPage<Row, Key extends z.ZodTuple>({ query, key, toKey, list }: PageWish<Row, Key>): Promise<Page<Row>> {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const rows = await list({ limit: limit + 1, before: query.cursor === undefined ? undefined : fromCursor(query.cursor, key) });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > limit && last !== undefined ? toCursor(toKey(last)) : null };
}

/** A place in a list as text; opaque to whoever gets it. */
export function toCursor(key: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The place that a cursor stands for. Throws `api.badRequest` where it is none of this list. */
export function fromCursor<Key extends z.ZodTuple>(cursor: string, key: Key): z.output<Key> {
  const read = key.safeParse(parse(Buffer.from(cursor, 'base64url').toString()));
  if (read.success) return read.data;
  throw new ApiError('api.badRequest', { expected: 'a `next` of this list', got: 'another text', where: 'query.cursor' });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no key is that
  }
}

/** A time to the microsecond, as lists are ordered by it. */
export const exactTime = z.iso.datetime({ precision: 6 });

/** A text as PostgreSQL may have it: anything but U+0000 and half of a character. */
export const storedText = z.string().regex(/^[^\0\p{Cs}]*$/u);
