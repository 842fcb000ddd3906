import type { VendorWait } from '../../store/vendor-waits.ts';
import { toSpanText, toTimeText } from '../time-text.ts';
import type { RunFacts } from './explain-run.ts';
import { findAgentStop, findMaybeStops, findNamedStop, findRunStop, toSwitchFix, toSwitchText } from './explain-switch.ts';
import { toCause, toFix, type Explanation } from './explanation.ts';
import { openEffect } from './open-effect.ts';
import type { PendingStep } from './pending-steps.ts';

/** A worker takes what is there within less. */
const WORKER_PATIENCE_MS = 5_000;

/**
 * Why a run that is under way has not ended: by the switches, by what Temporal says of its steps, and else by the ledger, which knows neither
 * an action that waits before it is written down nor how often one was tried.
 */
export function explainRunning(facts: RunFacts): Explanation {
  const { event, run, switches, now, pending } = facts;
  const { chain, startedAt } = run;
  const open = openEffect(facts);
  const waiting = pending?.steps.find(isPaused) ?? pending?.steps.find(({ last }) => last !== null) ?? pending?.steps[0];
  const step = waiting?.action ?? open?.action ?? null;
  const own = effectOf(facts, step);
  const at = step === null ? '' : ` at step \`${step}\``;
  const stop =
    findRunStop(switches, { source: event.source, chain }) ??
    (waiting !== undefined && isPaused(waiting) ? findNamedStop(switches, waiting.last?.message ?? '') : undefined) ??
    findAgentStop(switches, step ?? undefined);
  if (stop !== undefined) {
    const said = `\`${chain}\` is running, and its actions wait${at}: paused by ${toSwitchText(stop)}`;
    return { verdict: 'paused', chain, code: 'action.paused', since: stop.since, step, said, fix: toSwitchFix(stop) };
  }
  const failing = toFailing(facts);
  if (failing !== undefined) {
    const sinceText =
      failing.since === null ? '' : ` since ${toTimeText(failing.since)} (${toSpanText(now.getTime() - failing.since.getTime())})`;
    const said = `\`${chain}\` is started${at}, and does not go on${sinceText}: ${toCause('run.taskFailing', failing.detail)}`;
    return { verdict: 'stuck', chain, code: 'run.taskFailing', since: failing.since, step, said, fix: toFix('run.taskFailing') };
  }
  const vendor = toVendor(facts, waiting);
  if (vendor !== undefined) {
    const said = `\`${chain}\` waits${at} for vendor \`${vendor.adapter}\` until ${toTimeText(vendor.until)} (Retry-After)`;
    return { verdict: 'waiting', chain, code: 'action.waiting', since: vendor.since, step, said, fix: toFix('action.waiting') };
  }
  const awaited = pending?.workerAwaitedSince ?? null;
  if (awaited !== null && now.getTime() - awaited.getTime() > WORKER_PATIENCE_MS) {
    const said = `\`${chain}\` waits${at} for a worker since ${toTimeText(awaited)} (${toSpanText(now.getTime() - awaited.getTime())})`;
    const fix = 'see `hookline doctor`: no worker runs, or all are busy; it goes on by itself when one is there';
    return { verdict: 'waiting', chain, code: null, since: awaited, step, said, fix };
  }
  const since = later(own?.intendedAt ?? null, startedAt);
  const forSpan = since === null ? '' : ` for ${toSpanText(now.getTime() - since.getTime())}`;
  const common = { verdict: 'running', chain, since, step } as const;
  const sends = own === undefined || own.sends === 0 ? '' : `, which may have gone out ${toTimes(own.sends)}`;
  if (waiting !== undefined) {
    const code = waiting.last?.code ?? null;
    const fix = code === null || isPaused(waiting) || isWaiting(waiting) ? null : toFix(code);
    return { ...common, code, said: `\`${chain}\` is running${at}${forSpan}${sends}${toTries(waiting)}`, fix };
  }
  const maybe = pending === undefined || pending === null ? findMaybeStops(switches, step ?? undefined) : [];
  const unasked = pending === null ? '; Temporal cannot be asked what it waits for' : '';
  const waits = `${unasked}${maybe.length === 0 ? '' : `; it may wait for ${maybe.map(toSwitchText).join(' and ')}`}`;
  const fix = maybe[0] === undefined ? (pending === null ? 'see `hookline doctor`' : null) : toSwitchFix(maybe[0]);
  if (step === null) {
    const said = `\`${chain}\` is running${forSpan}, between two steps or in one on our own tables${waits}`;
    return { ...common, code: null, said, fix };
  }
  const last = own === undefined || own.detail === null ? '' : `; the last try ended with ${own.detail}`;
  return { ...common, code: null, said: `\`${chain}\` is running${at}${forSpan}${sends}${last}${waits}`, fix };
}

/** What Temporal says counts; where it was not asked, or cannot be, what the sweep has seen last. */
function toFailing({ run, pending }: RunFacts): { readonly detail: string | null; readonly since: Date | null } | undefined {
  if (pending !== undefined && pending !== null) return pending.taskFailure;
  return run.stuckSince === null ? undefined : { detail: run.detail, since: run.stuckSince };
}

function isPaused({ last }: PendingStep): boolean {
  return last?.code === 'action.paused';
}

function isWaiting({ last }: PendingStep): boolean {
  return last?.code === 'action.waiting';
}

/** The vendor that a step waits for, where it still wants to be left alone. */
function toVendor({ waits = [] }: RunFacts, step: PendingStep | undefined): VendorWait | undefined {
  if (step === undefined || !isWaiting(step)) return undefined;
  return waits.find(({ adapter }) => step.last?.message.includes(`\`adapter ${adapter}\``));
}

/** What the last try has come to, and when the next one is. */
function toTries({ last, nextTryAt }: PendingStep): string {
  if (last === null) return '';
  const next = nextTryAt === null ? 'the next is under way' : `the next is at ${toTimeText(nextTryAt)}`;
  if (last.code === 'action.paused') return `; its last try was paused, and ${next}`;
  if (last.code === 'action.waiting') return `; its last try found that the vendor wanted to be left alone, and ${next}`;
  return `; the last try ended with ${last.code === null ? last.message : toCause(last.code, last.message)}; ${next}`;
}

/** The effect of the step that the run stands at. */
function effectOf(facts: RunFacts, step: string | null): RunFacts['effects'][number] | undefined {
  const open = openEffect(facts);
  if (open?.action === step) return open;
  return openEffect({ ...facts, effects: facts.effects.filter(({ action }) => action === step) });
}

/** A step that was begun by an earlier attempt of the run is waited for since this one has started. */
function later(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}

function toTimes(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
