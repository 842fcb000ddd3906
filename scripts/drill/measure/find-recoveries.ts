import type { Facts, Outage } from '../facts.ts';
import { toPlace } from '../join-facts.ts';

/** How long it took from an outage until the effects of new events flowed again; null where they never did. */
export interface Recovery {
  readonly outage: Outage;
  /** From the outage to the first effect of an event that was acknowledged after it had begun. */
  readonly ms: number | null;
  /** The same without the time for which the drill itself kept it away, or a server meanwhile. */
  readonly ownMs: number | null;
  /** The longest part of that in which nothing flowed at all: without the time in which older events went ahead of the new one. */
  readonly stillMs: number | null;
}

interface SeenEffect {
  readonly atMs: number;
  /** When the first of the events that may call for it was acknowledged; long ago where one never was, since that proves nothing. */
  readonly acknowledgedMs: number;
}

/**
 * The recovery from each outage, in their order. An effect that several events call for counts only once all of them have been
 * acknowledged after the outage had begun, since any of them may be the one that made it.
 */
export function findRecoveries(facts: Pick<Facts, 'outages' | 'sent' | 'answers' | 'vendors'>): readonly Recovery[] {
  const seen = listSeenEffects(facts);
  const ofServers = facts.outages.filter(({ what }) => what === 'temporal' || what === 'postgres');
  return facts.outages.map((outage) => {
    const { fromMs, untilMs } = outage;
    const next = indexOf(seen, fromMs);
    let last = next;
    while (last < seen.length && (seen[last]?.acknowledgedMs ?? 0) <= fromMs) last += 1;
    const first = seen[last]?.atMs;
    if (first === undefined) return { outage, ms: null, ownMs: null, stillMs: null };
    // effects that flow without it did not wait for it
    const own = untilMs !== null && untilMs <= first && !ofServers.includes(outage) ? [outage] : [];
    const away = toSpans([...ofServers, ...own], fromMs, first);
    const ms = first - fromMs;
    return { outage, ms, ownMs: ms - lengthWithin(away, fromMs, first), stillMs: longestStill(seen.slice(next, last + 1), away, fromMs) };
  });
}

interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** When something was away within a time: in order, and none overlaps another. */
function toSpans(outages: readonly Outage[], fromMs: number, toMs: number): readonly Span[] {
  const spans: Span[] = [];
  let reached = fromMs;
  for (const outage of outages.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const span = { fromMs: Math.max(outage.fromMs, reached), untilMs: Math.min(outage.untilMs ?? outage.fromMs, toMs) };
    if (span.untilMs <= span.fromMs) continue;
    spans.push(span);
    reached = span.untilMs;
  }
  return spans;
}

function lengthWithin(spans: readonly Span[], fromMs: number, toMs: number): number {
  return spans.reduce((sum, span) => sum + Math.max(0, Math.min(span.untilMs, toMs) - Math.max(span.fromMs, fromMs)), 0);
}

function longestStill(seen: readonly SeenEffect[], away: readonly Span[], fromMs: number): number {
  let [longest, before] = [0, fromMs];
  for (const { atMs } of seen) {
    longest = Math.max(longest, atMs - before - lengthWithin(away, before, atMs));
    before = atMs;
  }
  return longest;
}

/** The place of the first effect that is not before a time. */
function indexOf(seen: readonly SeenEffect[], fromMs: number): number {
  let [low, high] = [0, seen.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((seen[middle]?.atMs ?? 0) < fromMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What vendors have done for known events, in order of time. */
function listSeenEffects({ sent, answers, vendors }: Pick<Facts, 'sent' | 'answers' | 'vendors'>): readonly SeenEffect[] {
  const acknowledged = new Map<string, number>();
  for (const { eventId, status, atMs, tookMs } of answers)
    if (status === 200) acknowledged.set(eventId, Math.min(atMs + tookMs, acknowledged.get(eventId) ?? Number.POSITIVE_INFINITY));
  const earliest = new Map<string, number>();
  const wants = (place: string, eventId: string): void => {
    const atMs = acknowledged.get(eventId) ?? Number.NEGATIVE_INFINITY;
    earliest.set(place, Math.min(atMs, earliest.get(place) ?? Number.POSITIVE_INFINITY));
  };
  for (const { id, entity, expects } of sent) {
    for (const { vendor, about } of expects) wants(toPlace(vendor, about), id);
    if (entity.type === 'customer') wants(`${toPlace('crm', entity.id)} ${entity.version}`, id);
  }
  return vendors
    .flatMap(({ vendor, about, version, performed, atMs }): readonly SeenEffect[] => {
      const place = toPlace(vendor, about);
      const acknowledgedMs = earliest.get(vendor === 'crm' ? `${place} ${version ?? ''}` : place);
      // one whose acknowledgement came later may be of an event that was taken before
      return performed && atMs !== null && acknowledgedMs !== undefined && acknowledgedMs <= atMs ? [{ atMs, acknowledgedMs }] : [];
    })
    .toSorted((a, b) => a.atMs - b.atMs);
}
