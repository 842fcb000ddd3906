import { parse } from 'secure-json-parse';
import type { ErrorCode } from '../contracts/errors.ts';
import type { JsonValue } from '../contracts/json.ts';

/** Levels of nesting that a body may have; 64 are accepted, 65 are not. */
const MAX_DEPTH = 64;
/** Keys that a body's objects may have between them. */
const MAX_KEYS = 10_000;
/** Commas between values; 350,000 tiny values fit into 1 MiB, and reading them takes tens of milliseconds in which nobody else is answered. */
const MAX_COMMAS = 200_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** A body as JSON, or why it is none. The detail names positions and limits, never a part of the body. */
export type ParsedJson =
  | { readonly ok: true; readonly json: JsonValue }
  | { readonly ok: false; readonly code: Extract<ErrorCode, `body.${string}`>; readonly detail: string };

/**
 * Parses a body that strangers may have written, and never throws: UTF-8 only (RFC 8259, 8.1; a BOM is dropped), at most 64 levels,
 * 10,000 keys and 200,000 values, counted without recursion before anything that recurses sees them, and no key that would change prototypes
 * (`__proto__` however it is escaped, `constructor.prototype`). Of equal keys the last counts.
 */
export function parseJson(body: Uint8Array): ParsedJson {
  const text = decode(body);
  if (text === undefined) return { ok: false, code: 'body.notUtf8', detail: 'expected UTF-8' };
  const excess = scan(body);
  if (excess !== undefined) return excess;
  try {
    const json = parse(text, undefined, { protoAction: 'error', constructorAction: 'error' }) as JsonValue; // whatever it returns came from JSON.parse
    return { ok: true, json };
  } catch (error) {
    return refusal(text, error);
  }
}

function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body); // the parser drops one BOM, and only one
  } catch {
    return undefined;
  }
}

/** Walks the bytes once: structure is ASCII, and the bytes of other characters are all above it. */
function scan(body: Uint8Array): ParsedJson | undefined {
  let depth = 0;
  let keys = 0;
  let commas = 0;
  let inString = false;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
      continue;
    }
    switch (byte) {
      case QUOTE:
        inString = true;
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        depth += 1;
        if (depth > MAX_DEPTH)
          return { ok: false, code: 'body.tooDeep', detail: `expected at most ${MAX_DEPTH} levels, got more at byte ${at}` };
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth -= 1;
        break;
      case COLON:
        keys += 1;
        if (keys > MAX_KEYS)
          return { ok: false, code: 'body.tooManyKeys', detail: `expected at most ${MAX_KEYS} keys, got more at byte ${at}` };
        break;
      case COMMA:
        commas += 1;
        if (commas > MAX_COMMAS)
          return { ok: false, code: 'body.tooManyValues', detail: `expected at most ${MAX_COMMAS} values, got more at byte ${at}` };
        break;
      default:
        break;
    }
  }
  return undefined;
}

/** Tells the parser's two complaints apart; of its text only a position is kept, since the rest quotes the body. */
function refusal(text: string, error: unknown): ParsedJson {
  const message = error instanceof Error ? error.message : '';
  if (message === 'Object contains forbidden prototype property') {
    return { ok: false, code: 'body.forbiddenKey', detail: 'got a key `__proto__` or `constructor.prototype`' };
  }
  if (text.trim() === '') return { ok: false, code: 'body.notJson', detail: 'expected one JSON value, got an empty body' };
  const position = / at position (\d+)/.exec(message)?.[1];
  return {
    ok: false,
    code: 'body.notJson',
    detail: `expected one JSON value${position === undefined ? '' : `, stopped at character ${position}`}`,
  };
}
