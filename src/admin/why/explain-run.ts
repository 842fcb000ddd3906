import { isJsonObject } from '../../contracts/json.ts';
import type { EffectRow, EventRow } from '../../store/events.ts';
import type { RunRow } from '../../store/runs.ts';
import type { SetSwitch } from '../../store/switches.ts';
import type { VendorWait } from '../../store/vendor-waits.ts';
import { toSpanText, toTimeText } from '../time-text.ts';
import { explainRunning } from './explain-running.ts';
import { findRunStop, toSwitchFix, toSwitchText } from './explain-switch.ts';
import { toCause, toFix, type Explanation } from './explanation.ts';
import { openEffect } from './open-effect.ts';
import type { PendingSteps } from './pending-steps.ts';

/** A run, its event, and the effects of both. */
export interface RunFacts {
  readonly event: Pick<EventRow, 'uuid' | 'source' | 'receivedAt'>;
  readonly run: RunRow;
  readonly effects: readonly EffectRow[];
  /** Those that are set. */
  readonly switches: readonly SetSwitch[];
  /** Of vendors that must not be asked yet. @default none */
  readonly waits?: readonly VendorWait[] | undefined;
  /** Of a run that is under way; null where Temporal cannot be asked. @default it was not asked */
  readonly pending?: PendingSteps | null | undefined;
  readonly now: Date;
}

/** A run that has not been started after this long waits for something. */
const PATIENCE_MS = 5_000;

/** Why a run stands as it does: from its row and the ledger, and of one that is under way from what Temporal says. */
export function explainRun(facts: RunFacts): Explanation {
  const { run } = facts;
  if (run.state === 'pending' || run.state === 'repair_requested') return explainWaiting(facts);
  if (run.state === 'started') return explainRunning(facts);
  if (run.state === 'failed') return explainFailed(facts);
  if (run.state === 'stopped') return explainStopped(run);
  return explainDone(facts);
}

function explainWaiting({ event, run, switches, now }: RunFacts): Explanation {
  const { chain, state, attempt, dueAt } = run;
  const isRepair = state === 'repair_requested';
  const isPutOff = dueAt.getTime() > now.getTime(); // a start was tried, and failed: the row tells when it is tried again, not since when
  const since = isRepair ? (isPutOff ? null : dueAt) : event.receivedAt;
  const what = isRepair ? `\`${chain}\`, asked to start again as attempt ${attempt},` : `\`${chain}\``;
  const common = { chain, code: null, since, step: null };
  const stop = findRunStop(switches, { source: event.source, chain });
  if (stop !== undefined) {
    const said = `${what} is not started: paused by ${toSwitchText(stop)}`;
    return { ...common, verdict: 'paused', code: 'action.paused', since: stop.since, said, fix: toSwitchFix(stop) };
  }
  if (since !== null && now.getTime() - since.getTime() <= PATIENCE_MS)
    return { ...common, verdict: 'starting', said: `${what} is about to be started`, fix: null };
  const span = since === null ? '' : ` since ${toTimeText(since)} (${toSpanText(now.getTime() - since.getTime())})`;
  return {
    ...common,
    verdict: 'waiting',
    said: `${what} waits for Temporal${span}${isPutOff ? `; the next try is at ${toTimeText(dueAt)}` : ''}`,
    fix: 'see `hookline doctor`: Temporal cannot be reached, or no ingress runs; it starts by itself when both are back',
  };
}

function explainFailed(facts: RunFacts): Explanation {
  const { event, run } = facts;
  const { chain, closedAt, attempt, detail } = run;
  const code = run.code ?? 'bug.unexpected';
  const step = openEffect(facts)?.action ?? null;
  const at = step === null ? '' : ` at step \`${step}\``;
  const resolve = `find out at the receiver, then \`hookline resolve ${event.uuid} ${step ?? '<action>'} --sent\` or \`--send-again\``;
  return {
    verdict: 'failed',
    chain,
    code,
    since: closedAt,
    step,
    said: `\`${chain}\` failed${at} in attempt ${attempt}${atTime(closedAt)} with ${toCause(code, detail)}`,
    fix: code === 'effect.unknown' ? resolve : toFix(code),
  };
}

function explainStopped({ chain, closedAt, detail, code }: RunRow): Explanation {
  const said = `\`${chain}\` was stopped by a person${atTime(closedAt)}${code === null ? '' : `: ${toCause(code, detail)}`}`;
  return { verdict: 'stopped', chain, code, since: closedAt, step: null, said, fix: 'none, or `hookline replay` to go on after all' };
}

function explainDone({ run, effects }: RunFacts): Explanation {
  const { chain, closedAt, attempt } = run;
  const own = effects.filter(({ ledger, round }) => ledger === run.ledger && round >= run.round);
  const superseded = [run.result, ...own.map(({ result }) => result)].some(
    (result) => isJsonObject(result) && (result['superseded'] === true || result['outcome'] === 'superseded'),
  );
  const common = { chain, code: null, since: closedAt, step: null, fix: null };
  if (superseded) {
    const said = `\`${chain}\` is done${atTime(closedAt)} and changed nothing where a newer event had written before: superseded`;
    return { ...common, verdict: 'superseded', said };
  }
  const done = own.filter(({ state }) => state === 'done').length;
  const tries = attempt === 1 ? '' : `, at attempt ${attempt}`;
  const said = `\`${chain}\` is done${atTime(closedAt)}${tries}, with ${done} ${done === 1 ? 'effect' : 'effects'} in the ledger`;
  return { ...common, verdict: 'done', said };
}

function atTime(time: Date | null): string {
  return time === null ? '' : ` at ${toTimeText(time)}`;
}
