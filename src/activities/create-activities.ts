import { Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { HooklineError, codeOf } from '../contracts/errors.ts';
import type { JsonValue } from '../contracts/json.ts';
import { NO_METER, type LabelsOf, type Meter } from '../contracts/metrics.ts';
import { RECORD_OUTCOME, type Log } from '../contracts/names.ts';
import type { ActionCall, RunOutcome } from '../contracts/run.ts';
import type { Pool } from '../store/pool.ts';
import type { Action, Agent } from './define-agent.ts';
import type { AgentDependencies } from './dependencies.ts';
import { hashInput } from './effect-key.ts';
import { performEffect } from './effect-ledger.ts';
import { performState, type Performed } from './state-ledger.ts';
import { toFailure } from './to-failure.ts';

/** Any agent, its actions unknown. */
export type AnyAgent = Agent<string, object>;

/** What the worker hands in. */
export interface ActivitiesOptions {
  readonly agents: readonly AnyAgent[];
  readonly dependencies: AgentDependencies;
  readonly pool: Pool;
  /** Writes the outcome of a run into its row. */
  readonly markOutcome: (mark: {
    readonly eventUuid: string;
    readonly chain: string;
    readonly attempt: number;
    readonly outcome: RunOutcome;
  }) => Promise<boolean>;
  readonly log: Log;
  /** @default measures nothing */
  readonly meter?: Meter;
}

/** An activity as Temporal's worker calls it. */
export type ActivityFunction = (input: never, call: never) => Promise<JsonValue | void>;

/** Every action of every agent as a Temporal activity `agent.action`, through the ledger, with one log line an attempt. */
export function createActivities(options: ActivitiesOptions): Record<string, ActivityFunction> {
  const { meter = NO_METER } = options;
  const activities: Record<string, ActivityFunction> = {
    [RECORD_OUTCOME]: async (record: Parameters<ActivitiesOptions['markOutcome']>[0]) => {
      const isNews = await options.markOutcome(record);
      if (isNews) meter.count('hookline_runs_finished_total', { chain: record.chain, outcome: record.outcome.state });
    },
  };
  for (const agent of options.agents) {
    const actions = Object.entries<Action<unknown, unknown>>(
      agent.actions(options.dependencies) as Record<string, Action<unknown, unknown>>,
    ); // defineAgent's shape
    for (const [name, action] of actions)
      activities[`${agent.name}.${name}`] = toActivity(action, { ...options, meter, labels: { agent: agent.name, action: name } });
  }
  return activities;
}

function toActivity(
  action: Action<unknown, unknown>,
  {
    pool,
    log,
    meter,
    labels,
  }: Pick<ActivitiesOptions, 'pool' | 'log'> & { readonly meter: Meter; readonly labels: LabelsOf<'hookline_action_duration_seconds'> },
): ActivityFunction {
  return async (input: unknown, call: ActionCall) => {
    const context = Context.current();
    const { runId, workflowId } = runOf(context);
    const startedAt = performance.now();
    const tell = (outcome: 'done' | 'repeated' | 'failed', code?: string): void => {
      const durationSeconds = (performance.now() - startedAt) / 1_000;
      meter.count('hookline_actions_total', { ...labels, outcome });
      meter.observe('hookline_action_duration_seconds', labels, durationSeconds);
      log[code === undefined ? 'info' : 'warn'](
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
          duration_s: durationSeconds,
        },
        'step',
      );
    };
    try {
      const ledgerCall = { call, runId, inputSha256: hashInput(input), input };
      const performed = await (action.facts.kind === 'state'
        ? performState(pool, { ...ledgerCall, action: action as Extract<typeof action, { facts: { kind: 'state' } }> }) // the kind tells which
        : beating(
            context,
            (signal) =>
              performEffect(pool, { ...ledgerCall, action: action as Extract<typeof action, { facts: { kind: 'effect' } }>, signal }),
            action.facts.timeoutMs,
          ));
      tell(performed.fromLedger ? 'repeated' : 'done');
      return performed.result;
    } catch (error) {
      tell('failed', codeOf(error));
      if (context.cancellationSignal.aborted && error instanceof HooklineError && error.code === 'effect.fenced')
        throw new CancelledFailure('the run was cancelled before the effect');
      throw toFailure(error);
    }
  };
}

/** Half of the time that Temporal waits for a sign of life, and the room that settling the ledger needs within the attempt. */
const BEAT_MS = 2_000;
const SETTLE_MS = 2_000;

async function beating(context: Context, perform: (signal: AbortSignal) => Promise<Performed>, timeoutMs: number): Promise<Performed> {
  const beat = setInterval(() => context.heartbeat(), BEAT_MS);
  try {
    return await perform(AbortSignal.any([context.cancellationSignal, AbortSignal.timeout(timeoutMs - SETTLE_MS)]));
  } finally {
    clearInterval(beat);
  }
}

function runOf({ info }: Context): { readonly runId: string; readonly workflowId: string } {
  const { workflowExecution } = info;
  if (workflowExecution === undefined)
    throw new HooklineError('bug.unexpected', { expected: 'an activity of a workflow', got: 'a standalone one' });
  return { runId: workflowExecution.runId, workflowId: workflowExecution.workflowId };
}
