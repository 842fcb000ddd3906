/**
 * A time as PostgreSQL reads it fastest: ISO 8601. Years that ISO 8601 writes with a sign go as a `Date`, which the driver
 * writes in PostgreSQL's own way; a `Date` that is no time throws.
 */
export function toTimestamp(date: Date): string | Date {
  const year = date.getUTCFullYear();
  return year < 1 || year > 9999 ? date : date.toISOString();
}

/** JSON text for a `json` column; null is SQL's. Lone surrogates and U+0000 stay escapes, which `json` keeps and `jsonb` refuses. */
export function toJsonText(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

/** The start of each text or blob in their concatenation, as SQL's `substring` counts: from 1. */
export function toOffsets(lengths: readonly number[]): readonly number[] {
  let next = 1;
  return lengths.map((length) => (next += length) - length);
}
