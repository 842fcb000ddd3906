import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { HooklineError, codeOf } from '../contracts/errors.ts';
import type { LabelsOf, Meter } from '../contracts/metrics.ts';
import type { JsonValue } from '../contracts/json.ts';
import type { Log } from '../contracts/names.ts';
import type { ActionCall } from '../contracts/run.ts';
import type { Tracer } from '../contracts/tracing.ts';
import type { Pool } from '../store/pool.ts';
import { ActionPaused, toPausedFailure } from './action-paused.ts';
import { ActionWaiting, toWaitingFailure } from './action-waiting.ts';
import type { Action, EffectAction, StateAction } from './define-agent.ts';
import { EffectFailure } from './effect-failure.ts';
import { hashInput } from './effect-key.ts';
import { performEffect } from './effect-ledger.ts';
import { PAUSED, toPatience, type Patience, type PatienceMs } from './patience.ts';
import type { PauseWait } from './pause-wait.ts';
import type { VendorWaitMs } from './vendor-wait.ts';
import { performState, type Performed } from './state-ledger.ts';
import { toActionSpan } from './to-action-span.ts';
import { toFailure, toGaveUp } from './to-failure.ts';

/** An activity as Temporal's worker calls it. */
export type ActivityFunction = (input: never, call: never) => Promise<JsonValue | void>;

/** An action as it is, and as test traffic gets it. */
export interface TwinAction {
  readonly live: Action<unknown, unknown>;
  /** Made of dry dependencies. */
  readonly dry: Action<unknown, unknown>;
}

/** What an activity is made with. */
export interface ActivityOptions {
  readonly pool: Pool;
  readonly isDry: (call: ActionCall) => boolean;
  readonly pauseWait: PauseWait;
  readonly vendorWait: VendorWaitMs;
  readonly patienceMs: PatienceMs;
  readonly log: Log;
  readonly meter: Meter;
  readonly tracer: Tracer;
  readonly now: () => Date;
  readonly labels: LabelsOf<'hookline_action_duration_seconds'>;
}

type Outcome = 'done' | 'repeated' | 'dry' | 'paused' | 'waiting' | 'failed';

/** Makes an activity of an action: through the ledger, counted, with one log line an attempt, and as patient as its preset. */
export function toActivity(action: TwinAction, options: ActivityOptions): ActivityFunction {
  const { kind, retry } = action.live.facts;
  return async (input: unknown, call: ActionCall) => {
    const context = Context.current();
    const patience = toPatience(context.info, options.patienceMs[retry]);
    const startedAt = performance.now();
    const tell = createTeller({ context, call, startedAt, ...options });
    try {
      const performed = await perform(action, { context, patience, input, call, ...options });
      for (const entity of performed.superseded) options.meter.count('hookline_superseded_total', { entity });
      tell(performed.fromLedger ? 'repeated' : performed.dry ? 'dry' : 'done', { dry: performed.dry });
      return performed.result;
    } catch (error) {
      if (error instanceof ActionPaused) {
        tell('paused', { code: error.code });
        context.heartbeat(PAUSED);
        throw toPausedFailure(error, kind, options.pauseWait(error.stop, kind));
      }
      if (error instanceof ActionWaiting) {
        tell('waiting', { code: error.code });
        context.heartbeat(patience.whileWaiting);
        throw toWaitingFailure(error, options.vendorWait(error.wait.adapter, error.wait.leftMs));
      }
      tell('failed', { code: codeOf(error) });
      if (context.cancellationSignal.aborted && codeOf(error) === 'effect.fenced')
        throw new CancelledFailure('the run was cancelled before the effect');
      const asked =
        error instanceof EffectFailure && error.retryAfterMs !== undefined
          ? options.vendorWait(call.action, error.retryAfterMs)
          : undefined;
      const failure = toFailure(error, asked ?? patience.afterFailure?.delayMs);
      if (failure.nonRetryable === true) throw failure;
      if (patience.isOver(performance.now() - startedAt)) throw toGaveUp(call.action, failure);
      if (patience.afterFailure !== undefined) context.heartbeat(patience.afterFailure.kept);
      throw failure;
    }
  };
}

interface Attempt extends Pick<ActivityOptions, 'pool' | 'isDry'> {
  readonly context: Context;
  readonly patience: Patience;
  readonly input: unknown;
  readonly call: ActionCall;
}

async function perform({ live, dry }: TwinAction, { context, patience, input, call, pool, isDry }: Attempt): Promise<Performed> {
  const { runId, chain } = runOf(context);
  const ledgerCall = { call, chain, runId, input, inputSha256: hashInput(input), dry: isDry(call) };
  // the kind tells which, and both are built by the same code
  if (live.facts.kind === 'state')
    return performState(pool, {
      ...ledgerCall,
      action: live as StateAction<unknown, unknown>,
      dryAction: dry as StateAction<unknown, unknown>,
    });
  const beat = setInterval(() => context.heartbeat(patience.kept), BEAT_MS);
  const signal = AbortSignal.any([context.cancellationSignal, AbortSignal.timeout(live.facts.timeoutMs - SETTLE_MS)]);
  try {
    return await performEffect(pool, {
      ...ledgerCall,
      action: live as EffectAction<unknown, unknown>,
      dryAction: dry as EffectAction<unknown, unknown>,
      signal,
    });
  } finally {
    clearInterval(beat);
  }
}

/** Half of the time that Temporal waits for a sign of life, and the room that settling the ledger needs within the attempt. */
const BEAT_MS = 2_000;
const SETTLE_MS = 2_000;

type Teller = (outcome: Outcome, facts: { readonly code?: string; readonly dry?: boolean }) => void;

function createTeller({
  context,
  call,
  startedAt,
  meter,
  tracer,
  now,
  log,
  labels,
}: Pick<ActivityOptions, 'meter' | 'tracer' | 'now' | 'log' | 'labels'> & {
  readonly context: Context;
  readonly call: ActionCall;
  readonly startedAt: number;
}): Teller {
  const run = runOf(context);
  const { runId, workflowId } = run;
  return (outcome, { code, dry }) => {
    const durationSeconds = (performance.now() - startedAt) / 1_000;
    meter.count('hookline_actions_total', { ...labels, outcome });
    if (!isWaiting(outcome)) meter.observe('hookline_action_duration_seconds', labels, durationSeconds);
    log[isWaiting(outcome) ? 'debug' : outcome === 'failed' ? 'warn' : 'info'](
      {
        action: call.action,
        source: call.source,
        event_id: call.eventId,
        event_uuid: call.eventUuid,
        workflow_id: workflowId,
        run_id: runId,
        attempt: call.attempt,
        step_attempt: context.info.attempt,
        effect_key: call.key,
        outcome,
        code,
        ...(dry === true ? { dry } : {}),
        duration_s: durationSeconds,
      },
      'step',
    );
    if (!tracer.takes(call.eventUuid)) return;
    const times = { endMs: now().getTime(), durationMs: durationSeconds * 1_000 };
    const span = toActionSpan({ call, run, info: context.info, outcome, code, ...times });
    if (span !== undefined) tracer.record(span);
  };
}

/** Of attempts that were not made: they took no time, and nobody needs a line for each. */
function isWaiting(outcome: Outcome): boolean {
  return outcome === 'paused' || outcome === 'waiting';
}

function runOf({ info }: Context): { readonly runId: string; readonly workflowId: string; readonly chain: string } {
  const { workflowExecution, workflowType } = info;
  if (workflowExecution === undefined || workflowType === undefined)
    throw new HooklineError('bug.unexpected', { expected: 'an activity of a workflow', got: 'a standalone one' });
  return { ...workflowExecution, chain: workflowType };
}
