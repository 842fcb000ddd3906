import type { Facts } from '../facts.ts';
import type { Explained, Verdict } from '../verdict.ts';

/** Violations in a record; the facts in the drill's folder hold all. */
const MOST_VIOLATIONS = 100;

/** A run of a drill: what it was, where it ran, and what the checker has found. One line of JSON. */
export interface DrillRecord extends Omit<Verdict, 'explained'> {
  readonly drill: string;
  readonly seed: number;
  readonly minutes: number;
  /** Options that were given, and only those. */
  readonly ratePerS?: number | undefined;
  readonly everyMs?: number | undefined;
  readonly events?: number | undefined;
  /** When it ended, in UTC. */
  readonly date: string;
  /** Of the checkout; null where it is none. With `+` where files have changed since. */
  readonly commit: string | null;
  readonly node: string;
  readonly cores: number;
  /** How many processes wanted a core over the last minute, as it began and as it ended. */
  readonly loadAverage: { readonly before: number; readonly after: number };
  readonly violationCount: number;
  /** Runs that are not done for a reason, but for those that wait for a person to tell of a mail: these are `unknownMails`. */
  readonly explained: readonly Explained[];
  /** How often what was broken. */
  readonly faults: Readonly<Record<string, number>>;
}

/** What a record holds beside the verdict. */
export type RecordHead = Pick<
  DrillRecord,
  'drill' | 'seed' | 'minutes' | 'ratePerS' | 'everyMs' | 'events' | 'date' | 'commit' | 'node' | 'cores' | 'loadAverage'
>;

/** Puts a record together. */
export function toRecord(head: RecordHead, { verdict, facts }: { readonly verdict: Verdict; readonly facts: Facts }): DrillRecord {
  const unknown = new Set(verdict.unknownMails.map(({ eventId }) => eventId));
  const faults: Record<string, number> = {};
  for (const { what } of facts.faults) {
    const kind = toKind(what);
    faults[kind] = (faults[kind] ?? 0) + 1;
  }
  return {
    ...head,
    ...verdict,
    violations: verdict.violations.slice(0, MOST_VIOLATIONS),
    violationCount: verdict.violations.length,
    explained: verdict.explained.filter(({ eventId }) => !unknown.has(eventId)),
    faults,
  };
}

/** Without what differs each time. */
function toKind(what: string): string {
  return what.replaceAll(/\b(ingress|worker)-\d\b/g, '$1').replaceAll(/\d+(?:\.\d+)?/g, 'n');
}
