import { isJsonObject } from '../../contracts/json.ts';
import type { EffectRow, EventRow } from '../../store/events.ts';
import type { RunRow } from '../../store/runs.ts';
import type { SetSwitch } from '../../store/switches.ts';
import { toSpanText, toTimeText } from '../time-text.ts';
import { findAgentStop, findMaybeStops, findRunStop, toSwitchFix, toSwitchText } from './explain-switch.ts';
import { toCause, toFix, type Explanation } from './explanation.ts';

/** A run, its event, and the effects of both. */
export interface RunFacts {
  readonly event: Pick<EventRow, 'uuid' | 'source' | 'receivedAt'>;
  readonly run: RunRow;
  readonly effects: readonly EffectRow[];
  /** Those that are set. */
  readonly switches: readonly SetSwitch[];
  readonly now: Date;
}

/** A run that has not been started after this long waits for something. */
const PATIENCE_MS = 5_000;

/** Why a run stands as it does, from its row and the ledger alone. */
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

function explainRunning(facts: RunFacts): Explanation {
  const { event, run, switches, now } = facts;
  const { chain, startedAt } = run;
  const open = openEffect(facts);
  const stop = findRunStop(switches, { source: event.source, chain }) ?? findAgentStop(switches, open?.action);
  if (stop !== undefined) {
    const at = open === undefined ? '' : ` at step \`${open.action}\``;
    const said = `\`${chain}\` is running, and its actions wait${at}: paused by ${toSwitchText(stop)}`;
    const step = open?.action ?? null;
    return { verdict: 'paused', chain, code: 'action.paused', since: stop.since, step, said, fix: toSwitchFix(stop) };
  }
  const since = open?.updatedAt ?? startedAt;
  const forSpan = since === null ? '' : ` for ${toSpanText(now.getTime() - since.getTime())}`;
  const maybe = findMaybeStops(switches, open?.action);
  const waits = maybe.length === 0 ? '' : `; it may wait for ${maybe.map(toSwitchText).join(' and ')}`;
  const common = { verdict: 'running', chain, code: null, since, fix: maybe[0] === undefined ? null : toSwitchFix(maybe[0]) } as const;
  if (open === undefined)
    return { ...common, step: null, said: `\`${chain}\` is running${forSpan}, between two steps or in one on our own tables${waits}` };
  const sends = open.sends === 0 ? '' : `, which may have gone out ${toTimes(open.sends)}`;
  const last = open.detail === null ? '' : `; the last try ended with ${open.detail}`;
  return { ...common, step: open.action, said: `\`${chain}\` is running at step \`${open.action}\`${forSpan}${sends}${last}${waits}` };
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

/** The step that a run stands at: its newest effect that has neither ended nor been undone. */
function openEffect({ run, effects }: RunFacts): EffectRow | undefined {
  return effects.findLast(
    ({ ledger, round, state }) => ledger === run.ledger && round >= run.round && state !== 'done' && state !== 'undone',
  );
}

function atTime(time: Date | null): string {
  return time === null ? '' : ` at ${toTimeText(time)}`;
}

function toTimes(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
