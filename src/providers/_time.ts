import type { JsonValue } from '../contracts/json.ts';
import { parseIsoTime } from '../events/_iso-time.ts';

const UNIX_TIME = /^\d{1,14}(?:\.\d{1,9})?$/;
/** Below this a number counts seconds (up to the year 5138), from it on milliseconds (from 1973 on). */
const FIRST_MILLISECONDS = 1e11;

/** ISO 8601 (UTC where it has no zone), or Unix time in seconds or milliseconds, as number or text; `undefined` for anything else. */
export function toTime(value: JsonValue | undefined): Date | undefined {
  if (typeof value === 'number') return fromUnix(value);
  if (typeof value !== 'string') return undefined;
  return UNIX_TIME.test(value) ? fromUnix(Number(value)) : parseIsoTime(value);
}

function fromUnix(value: number): Date | undefined {
  const time = new Date(value < FIRST_MILLISECONDS ? value * 1000 : value);
  return value < 0 || Number.isNaN(time.getTime()) ? undefined : time;
}
