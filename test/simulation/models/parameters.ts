/** The values of a statement, by the numbers that they have in its text: `$1` is 1. Throws where one is of another kind than the model takes it for. */
export interface Parameters {
  text(at: number): string;
  textOrNull(at: number): string | null;
  number(at: number): number;
  boolean(at: number): boolean;
  bytesOrNull(at: number): Buffer | null;
  /** An array parameter whose elements are taken as they are. */
  list(at: number): readonly unknown[];
  texts(at: number): readonly string[];
  numbers(at: number): readonly number[];
  /** A `bytea` of SHA-256 digests, one after the other: the digest of an index, from 0, in hexadecimal. */
  digest(at: number, index: number): string;
}

const DIGEST_BYTES = 32;

/** Reads values. */
export function toParameters(values: readonly unknown[]): Parameters {
  const take = <Value>(at: number, kind: string, is: (value: unknown) => value is Value): Value => {
    const value = values[at - 1];
    if (!is(value)) throw new TypeError(`the model takes $${at} for ${kind}`);
    return value;
  };
  const list = (at: number): readonly unknown[] => take(at, 'a list', Array.isArray);
  return {
    text: (at) => take(at, 'a text', isText),
    textOrNull: (at) => (values[at - 1] === null || values[at - 1] === undefined ? null : take(at, 'a text or null', isText)),
    number: (at) => take(at, 'a number', isNumber),
    boolean: (at) => take(at, 'a boolean', (value) => typeof value === 'boolean'),
    bytesOrNull: (at) => (values[at - 1] === null ? null : take(at, 'bytes or null', Buffer.isBuffer)),
    list,
    texts: (at) => list(at).map((value) => (isText(value) ? value : fail(at, 'texts'))),
    numbers: (at) => list(at).map((value) => (isNumber(value) ? value : fail(at, 'numbers'))),
    digest: (at, index) =>
      take(at, 'digests', Buffer.isBuffer)
        .subarray(index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES)
        .toString('hex'),
  };
}

/** An element of a list that is a text or SQL's null. */
export function toTextOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A `timestamptz` parameter in milliseconds. */
export function toMs(value: unknown): number {
  return value instanceof Date ? value.getTime() : Date.parse(String(value));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function fail(at: number, kind: string): never {
  throw new TypeError(`the model takes $${at} for a list of ${kind}`);
}
