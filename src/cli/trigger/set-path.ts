import { InvalidArgumentError } from 'commander';
import { isJsonObject, type JsonObject, type JsonValue } from '../../contracts/json.ts';
import { toPrintable } from '../../admin/printable.ts';

/** One change of a payload: where, and what. */
export interface SetPath {
  /** Keys from the root, never empty. */
  readonly path: readonly string[];
  readonly value: JsonValue;
}

/**
 * Reads `path=value`: the path dotted (`data.items.0.sku`) or a JSON pointer (RFC 6901: `/data/items/0/sku`), the value JSON
 * where it parses as that, else a text.
 */
export function parseSetPath(text: string): SetPath {
  const at = text.indexOf('=');
  const path = at < 0 ? [] : toKeys(text.slice(0, at));
  if (path.length === 0 || (path.includes('') && !text.startsWith('/'))) {
    throw new InvalidArgumentError('expected `path=value`, the path dotted or a JSON pointer.');
  }
  return { path, value: toValue(text.slice(at + 1)) };
}

/**
 * Sets one place of a payload and leaves the given one as it is. Objects that are missing on the way are made; an array takes an
 * index that it has, or its length or `-` to append. Throws where something else stands in the way.
 */
export function setPath(payload: JsonObject, { path, value }: SetPath): JsonObject {
  return setAt({ target: payload, path, value, depth: 0 }) as JsonObject; // a path is never empty, and an object stays one
}

interface SetAt extends SetPath {
  readonly target: JsonValue | undefined;
  readonly depth: number;
}

function setAt({ target, path, value, depth }: SetAt): JsonValue {
  const key = path[depth];
  if (key === undefined) return value;
  const below = (child: JsonValue | undefined): JsonValue => setAt({ target: child, path, value, depth: depth + 1 });
  if (target === undefined) return { [key]: below(undefined) };
  if (isJsonObject(target)) return { ...target, [key]: below(Object.hasOwn(target, key) ? target[key] : undefined) };
  const where = `\`/${path.slice(0, depth).map(toPrintable).join('/')}\``;
  if (!Array.isArray(target))
    throw new InvalidArgumentError(`expected an object or an array at ${where}, got ${target === null ? 'null' : typeof target}.`);
  const items = target as readonly JsonValue[]; // Array.isArray does not narrow readonly arrays
  const index = key === '-' ? items.length : /^(?:0|[1-9]\d{0,8})$/.test(key) ? Number(key) : Number.NaN;
  if (!(index <= items.length))
    throw new InvalidArgumentError(`expected an index from 0 to ${items.length}, or \`-\`, at ${where}, got \`${toPrintable(key)}\`.`);
  return [...items.slice(0, index), below(items[index]), ...items.slice(index + 1)];
}

function toKeys(path: string): readonly string[] {
  if (!path.startsWith('/')) return path.split('.');
  return path
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function toValue(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue; // JSON.parse gives nothing else
  } catch {
    return text;
  }
}
