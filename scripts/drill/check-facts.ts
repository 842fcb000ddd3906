import { checkAnswers } from './check/check-answers.ts';
import { checkEffects } from './check/check-effects.ts';
import { checkEntities } from './check/check-entities.ts';
import { checkEvents } from './check/check-events.ts';
import { checkGrowth, listGrowth } from './check/check-growth.ts';
import { checkLedger } from './check/check-ledger.ts';
import { checkRuns, explainRuns } from './check/check-runs.ts';
import { listUnknownMails } from './check/list-unknown-mails.ts';
import type { Facts } from './facts.ts';
import { groupBy, joinFacts } from './join-facts.ts';
import type { Verdict } from './verdict.ts';

/**
 * Judges a drill: every acknowledged event has each of its effects exactly once, nothing happened without an event, state is that of
 * the newest event, nothing waits without a reason, and what was sent after the last fault is done. Pure; a drill in which nothing
 * happened fails.
 */
export function checkFacts(facts: Facts): Verdict {
  const joined = joinFacts(facts);
  const violations = [
    ...checkAnswers(facts),
    ...checkEvents(facts, joined),
    ...checkRuns(facts, joined),
    ...checkEffects(joined),
    ...checkLedger(facts, joined),
    ...checkEntities(facts, joined),
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
    ackMs: percentiles(facts.answers.filter(({ status }) => status === 200).map(({ tookMs }) => tookMs)),
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

function percentiles(values: readonly number[]): Verdict['ackMs'] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
