import { checkOutcome, isAcknowledged, type DrillViolation } from './check-outcome.ts';
import type { DrillFacts } from './drill-facts.ts';

/** What a drill has shown, as `--json` tells it. */
export interface DrillVerdict {
  readonly drill: string;
  readonly source: string;
  readonly seed: number;
  readonly ok: boolean;
  /** Whether it ended before its events were sent, since its first ones were not treated as test traffic. */
  readonly stoppedEarly: boolean;
  readonly counts: {
    readonly sent: number;
    readonly acknowledged: number;
    /** Posts, copies and repeated tries included. */
    readonly tries: number;
    readonly duplicates: number;
    /** By state. */
    readonly runs: Readonly<Record<string, number>>;
    /** By action. */
    readonly effects: Readonly<Record<string, number>>;
  };
  /** From post to answer, of answers of 2xx, in milliseconds. */
  readonly ackMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** At most 100 of them. */
  readonly violations: readonly DrillViolation[];
  readonly violationCount: number;
  /** What stays: rows whose ids begin so. */
  readonly idsBegin: string;
}

const MOST_SHOWN = 100;

/** Judges the facts of a drill. */
export function toDrillVerdict(
  facts: DrillFacts,
  name: Pick<DrillVerdict, 'drill' | 'source' | 'seed' | 'stoppedEarly' | 'idsBegin'>,
): DrillVerdict {
  const { sent, answers, stored } = facts;
  const violations = checkOutcome(facts);
  const acknowledged = answers.filter(isAcknowledged);
  const times = acknowledged.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
  const atShare = (share: number): number => Math.round(times[Math.ceil(times.length * share) - 1] ?? 0);
  const { drill, source, seed, stoppedEarly, idsBegin } = name;
  return {
    drill,
    source,
    seed,
    ok: violations.length === 0,
    stoppedEarly,
    counts: {
      sent: sent.length,
      acknowledged: new Set(acknowledged.map(({ eventId }) => eventId)).size,
      tries: answers.length,
      duplicates: acknowledged.filter(({ status }) => status === 'duplicate').length,
      runs: countBy(stored.flatMap(({ runs }) => runs.map(({ state }) => state))),
      effects: countBy(stored.flatMap(({ effects }) => effects.map(({ action }) => action))),
    },
    ackMs: { p50: atShare(0.5), p99: atShare(0.99), max: atShare(1) },
    violations: violations.slice(0, MOST_SHOWN),
    violationCount: violations.length,
    idsBegin,
  };
}

function countBy(texts: readonly string[]): Readonly<Record<string, number>> {
  const groups = [...Map.groupBy(texts, (text) => text)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(groups.map(([text, all]) => [text, all.length]));
}
