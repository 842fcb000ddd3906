import type { RunOutcome } from '../contracts/run.ts';
import type { StartedRun } from '../store/runs.ts';
import type { TemporalPort } from './temporal-port.ts';

/** What Temporal says of a run that our row says is started. */
export type CheckResult =
  | { readonly kind: 'running' }
  /** It runs, and cannot go on: its workflow task fails again and again. */
  | { readonly kind: 'stuck'; readonly detail: string }
  | { readonly kind: 'closed'; readonly outcome: RunOutcome }
  /** Temporal has no such run although it should still remember it: a restored or power-lost server. */
  | { readonly kind: 'forgotten' };

const LOST: RunOutcome = {
  state: 'failed',
  code: 'run.outcomeLost',
  detail: 'Temporal has no run of this id, and its retention is over',
  result: null,
};

/** Compares a started run with Temporal; rejects when Temporal cannot be asked. */
export async function checkRun({
  run,
  temporal,
  retentionMs,
  now,
}: {
  readonly run: StartedRun;
  readonly temporal: TemporalPort;
  readonly retentionMs: number;
  readonly now: Date;
}): Promise<CheckResult> {
  const view = await temporal.describe(run.workflowId);
  const ours = view !== undefined && view.eventUuid === run.eventUuid && view.attempt !== undefined && view.attempt >= run.attempt;
  if (ours && view.attempt === run.attempt && view.outcome !== null) return { kind: 'closed', outcome: view.outcome };
  if (ours && view.taskFailure !== undefined) return { kind: 'stuck', detail: view.taskFailure.detail };
  if (ours) return { kind: 'running' };
  // A run is remembered from its end on; one that started within the retention cannot have been forgotten for its age.
  const remembered = now.getTime() - run.startedAt.getTime() < retentionMs;
  return remembered ? { kind: 'forgotten' } : { kind: 'closed', outcome: LOST };
}
