import { isJsonObject, type JsonObject, type JsonValue } from '../../contracts/json.ts';
import type { GivenRequest } from './judge-request.ts';

/** One line of a batch: its own name, and the request or what is wrong with it. */
export type RequestLine = { readonly id: JsonValue } & (
  | { readonly ok: true; readonly request: GivenRequest }
  | { readonly ok: false; readonly problem: string }
);

/**
 * Reads `{id, provider, secret, secondarySecret?, headers, body, now?, toleranceSeconds?, legacy?}`. `scheme`, `keyId`, `certificate`,
 * `method` and `url` may stand there and say nothing to today's providers, which tell their scheme by the headers. `now` is Unix time
 * in seconds, null leaves the age out, and without it the clock counts. A header's value may be a list of values.
 */
export function parseRequestLine(line: string, clock: () => Date): RequestLine {
  const item = parse(line);
  if (!isJsonObject(item)) return { id: null, ok: false, problem: 'expected one JSON object a line' };
  const id = item['id'] ?? null;
  const { provider, body, now } = item;
  const headers = toHeaders(item['headers']);
  const secrets = [item['secret'], item['secondarySecret']].filter((secret) => secret !== undefined && secret !== null);
  const toleranceSeconds = item['toleranceSeconds'] ?? undefined;
  if (typeof provider !== 'string') return { id, ok: false, problem: 'expected a text `provider`' };
  if (!secrets.every((secret) => typeof secret === 'string'))
    return { id, ok: false, problem: 'expected texts as `secret` and `secondarySecret`' };
  if (headers === undefined) return { id, ok: false, problem: 'expected `headers` as an object of texts' };
  if (typeof body !== 'string') return { id, ok: false, problem: 'expected a text `body`' };
  if (now !== undefined && now !== null && !isTime(now)) return { id, ok: false, problem: 'expected `now` in Unix seconds, or null' };
  if (toleranceSeconds !== undefined && !isTime(toleranceSeconds))
    return { id, ok: false, problem: 'expected `toleranceSeconds` as a number from 0 on' };
  const time = now === undefined ? clock() : now === null ? null : new Date(now * 1_000);
  return {
    id,
    ok: true,
    request: { provider, headers, body: Buffer.from(body), secrets, now: time, toleranceSeconds, legacy: item['legacy'] === true },
  };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Within what a `Date` can hold. */
function isTime(value: JsonValue): value is number {
  return typeof value === 'number' && value >= 0 && value <= 8.64e12;
}

function toHeaders(value: JsonValue | undefined): readonly (readonly [string, string])[] | undefined {
  if (!isJsonObject(value)) return undefined;
  const lines: [string, string][] = [];
  for (const [name, given] of Object.entries<JsonObject[string]>(value)) {
    for (const one of Array.isArray(given) ? (given as readonly JsonValue[]) : [given]) {
      // Array.isArray does not narrow readonly arrays
      if (typeof one !== 'string') return undefined;
      lines.push([name, one]);
    }
  }
  return lines;
}
