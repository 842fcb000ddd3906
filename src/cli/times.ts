import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
/** PostgreSQL and UUIDs of version 7 know none before. */
const FIRST = Date.UTC(1970, 0, 1);

/** The value of `--since`: `90s`, `30m`, `1h`, `7d`, `2w` ago, or an ISO 8601 date or time (UTC where it names no zone). */
export function parseSince(text: string, now: Date): Date {
  const [, amount, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) return new Date(Math.max(FIRST, now.getTime() - Number(amount) * (UNITS[unit] ?? 0)));
  const iso = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  const time = iso === null ? Number.NaN : Date.parse(text.length > 10 && iso[1] === undefined ? `${text}Z` : text);
  if (!(time >= FIRST)) throw new InvalidArgumentError('expected a span such as `90s`, `30m`, `1h`, `7d`, or an ISO 8601 time.');
  return new Date(time);
}
