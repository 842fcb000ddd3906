import { checkAnswers } from './check/check-answers.ts';
import { checkDrain } from './check/check-drain.ts';
import { checkEffects } from './check/check-effects.ts';
import { checkEntities } from './check/check-entities.ts';
import { checkEvents } from './check/check-events.ts';
import { checkGrowth, listGrowth } from './check/check-growth.ts';
import { checkLedger } from './check/check-ledger.ts';
import { checkOpenRuns } from './check/check-open-runs.ts';
import { checkRecoveries } from './check/check-recoveries.ts';
import { checkRuns, explainRuns } from './check/check-runs.ts';
import { checkStops } from './check/check-stops.ts';
import { listUnknownMails } from './check/list-unknown-mails.ts';
import type { Facts, Outage } from './facts.ts';
import { groupBy, joinFacts } from './join-facts.ts';
import { findRecoveries, type Recovery } from './measure/find-recoveries.ts';
import { listResets } from './measure/list-resets.ts';
import { toDrainFigures } from './measure/to-drain-figures.ts';
import { toSpread } from './measure/percentiles.ts';
import type { Verdict } from './verdict.ts';

/**
 * Judges a drill: every acknowledged event has each of its effects exactly once, nothing happened without an event, state is that of
 * the newest event, nothing waits without a reason, and what was sent after the last fault is done. Pure; a drill in which nothing
 * happened fails.
 */
export function checkFacts(facts: Facts): Verdict {
  const joined = joinFacts(facts);
  const recoveries = findRecoveries(facts);
  const drain = toDrainFigures(facts);
  const violations = [
    ...checkAnswers(facts),
    ...checkEvents(facts, joined),
    ...checkRuns(facts, joined),
    ...checkOpenRuns(facts),
    ...checkEffects(joined),
    ...checkLedger(facts, joined),
    ...checkEntities(facts, joined),
    ...checkRecoveries(recoveries),
    ...checkStops(facts),
    ...checkDrain(drain),
    ...checkGrowth(facts),
  ];
  return {
    ok: violations.length === 0,
    counts: {
      faults: facts.faults.length,
      sent: facts.sent.length,
      acknowledged: joined.events.filter(({ acknowledged }) => acknowledged).length,
      tries: facts.answers.length,
      duplicates: facts.answers.filter(({ told }) => told === 'duplicate').length,
      runs: countBy(facts.runs, ({ state }) => state),
      effects: countBy(
        facts.vendors.filter(({ performed }) => performed),
        ({ vendor }) => vendor,
      ),
      repeats: countRepeats(facts),
    },
    ackMs: toSpread(listAckMs(facts)),
    ackMsWithoutTemporal: toSpread(
      listAckMs(
        facts,
        facts.outages.filter(({ what, how }) => what === 'temporal' && how === 'kill'),
      ),
    ),
    kills: countBy(
      facts.outages.filter(({ how, readyMs }) => how === 'kill' && readyMs !== null),
      ({ what }) => what,
    ),
    recovery: toRecoveryFigures(recoveries),
    stops: toStops(facts),
    resets: listResets(facts).length,
    drain,
    growth: listGrowth(facts),
    violations,
    unknownMails: listUnknownMails(joined),
    explained: explainRuns(facts, joined),
  };
}

function countBy<Item>(items: readonly Item[], toText: (item: Item) => string): Readonly<Record<string, number>> {
  return Object.fromEntries([...groupBy(items, toText)].map(([text, group]) => [text, group.length]));
}

function countRepeats({ vendors }: Facts): number {
  const keyed = vendors.filter(({ performed, key }) => performed && key !== '').map(({ vendor, key }) => `${vendor} ${key}`);
  return keyed.length - new Set(keyed).size;
}

/** What acknowledgements took; with outages, of what was posted within one of them. */
function listAckMs({ answers }: Facts, within?: readonly Outage[]): readonly number[] {
  const isWithin = (atMs: number): boolean =>
    within === undefined || within.some(({ goneMs, untilMs }) => goneMs !== null && atMs >= goneMs && untilMs !== null && atMs < untilMs);
  return answers.filter(({ status, atMs }) => status === 200 && isWithin(atMs)).map(({ tookMs }) => tookMs);
}

function toRecoveryFigures(recoveries: readonly Recovery[]): Verdict['recovery'] {
  const spreadOf = (group: readonly Recovery[], key: 'ms' | 'ownMs' | 'stillMs') => toSpread(group.flatMap((one) => one[key] ?? []));
  return [...groupBy(recoveries, ({ outage }) => `${outage.what} ${outage.how}`)].map(([kind, group]) => ({
    kind,
    ms: spreadOf(group, 'ms'),
    ownMs: spreadOf(group, 'ownMs'),
    stillMs: spreadOf(group, 'stillMs'),
  }));
}

function toStops({ outages }: Facts): Verdict['stops'] {
  const stopped = outages.flatMap(({ what, how, fromMs, goneMs }) =>
    how === 'stop' && goneMs !== null ? [{ what, ms: goneMs - fromMs }] : [],
  );
  return Object.fromEntries([...groupBy(stopped, ({ what }) => what)].map(([what, group]) => [what, toSpread(group.map(({ ms }) => ms))]));
}
