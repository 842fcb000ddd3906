import { Context } from '@temporalio/activity';
import { NO_METER, type Meter } from '../contracts/metrics.ts';
import { RECORD_OUTCOME, type Log } from '../contracts/names.ts';
import type { ActionCall, RunOutcome } from '../contracts/run.ts';
import { NO_TRACER, type TracedRun, type Tracer } from '../contracts/tracing.ts';
import type { Pool } from '../store/pool.ts';
import type { Action, Agent } from './define-agent.ts';
import type { AgentDependencies } from './dependencies.ts';
import { PATIENCE_MS, type PatienceMs } from './patience.ts';
import { createPauseWait } from './pause-wait.ts';
import { createVendorWait } from './vendor-wait.ts';
import { toActivity, type ActivityFunction } from './to-activity.ts';
import { toOutcomeSpan, type RunSoFar } from './to-outcome-span.ts';

/** Any agent, its actions unknown. */
export type AnyAgent = Agent<string, object>;

/** What the worker hands in. */
export interface ActivitiesOptions {
  readonly agents: readonly AnyAgent[];
  readonly dependencies: AgentDependencies;
  /** What test traffic gets in place of `dependencies`: it answers as they do, and reaches nothing. */
  readonly dryDependencies: AgentDependencies;
  /** Whether a call is of test traffic that must reach nothing. */
  readonly isDry: (call: ActionCall) => boolean;
  readonly pool: Pool;
  /** Writes the outcome of a run into its row. */
  readonly markOutcome: (mark: {
    readonly eventUuid: string;
    readonly chain: string;
    readonly attempt: number;
    readonly outcome: RunOutcome;
  }) => Promise<boolean>;
  /** Reads a run's row; only of what is traced. @default there is none to read */
  readonly findRun?: ((run: TracedRun) => Promise<RunSoFar | undefined>) | undefined;
  readonly log: Log;
  readonly now: () => Date;
  /** From 0 to 1. */
  readonly random: () => number;
  /** How long each preset is patient. @default 30 s, 24 h and for ever */
  readonly patienceMs?: PatienceMs;
  /** @default measures nothing */
  readonly meter?: Meter;
  /** @default traces nothing */
  readonly tracer?: Tracer;
}

/** Every action of every agent as a Temporal activity `agent.action`, through the ledger, with one log line an attempt. */
export function createActivities(options: ActivitiesOptions): Record<string, ActivityFunction> {
  const { agents, dependencies, dryDependencies, random, meter = NO_METER, tracer = NO_TRACER, patienceMs = PATIENCE_MS } = options;
  const clock = { random, nowMs: () => performance.now() };
  const [pauseWait, vendorWait] = [createPauseWait(clock), createVendorWait(clock)];
  const activities: Record<string, ActivityFunction> = { [RECORD_OUTCOME]: toRecordOutcome({ ...options, meter, tracer }) };
  for (const agent of agents) {
    const live = actionsOf(agent, dependencies);
    const dry = actionsOf(agent, dryDependencies);
    for (const [name, action] of Object.entries(live)) {
      const labels = { agent: agent.name, action: name };
      activities[`${agent.name}.${name}`] = toActivity(
        { live: action, dry: dry[name] ?? action },
        { ...options, meter, tracer, pauseWait, vendorWait, patienceMs, labels },
      );
    }
  }
  return activities;
}

type Actions = Readonly<Record<string, Action<unknown, unknown>>>;

function actionsOf(agent: AnyAgent, dependencies: AgentDependencies): Actions {
  return agent.actions(dependencies) as Actions; // defineAgent's shape
}

/** What a run writes when it ends. */
type OutcomeRecord = Parameters<ActivitiesOptions['markOutcome']>[0] & { readonly receivedAt: string };

function toRecordOutcome({
  markOutcome,
  findRun,
  meter,
  tracer,
  now,
}: Pick<ActivitiesOptions, 'markOutcome' | 'findRun' | 'now'> & { readonly meter: Meter; readonly tracer: Tracer }): ActivityFunction {
  return async ({ receivedAt, ...mark }: OutcomeRecord) => {
    const traced = tracer.takes(mark.eventUuid);
    const row = traced ? await findRun?.(mark).catch(() => undefined) : undefined; // the outcome is written whether or not it can be read
    if (!(await markOutcome(mark))) return;
    const { chain, attempt, outcome } = mark;
    meter.count('hookline_runs_finished_total', { chain, outcome: outcome.state });
    if (traced) {
      const { workflowExecution: execution } = Context.current().info;
      tracer.record(toOutcomeSpan({ ...mark, execution, row, receivedAt, endMs: now().getTime() }));
    }
    if (attempt > 1) return;
    meter.observe('hookline_event_finish_seconds', { chain }, Math.max(0, now().getTime() - Date.parse(receivedAt)) / 1_000);
  };
}
