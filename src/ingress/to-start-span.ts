import { toRootSpanId, toStartSpanId, type Span } from '../contracts/tracing.ts';
import type { ClaimedRun } from '../store/runs.ts';
import type { StartResult } from './start-run.ts';

/**
 * The span of one try to start a run, from the claim to its answer. The try after which the attempt runs has an id that the run's own span can
 * name as its parent; one that Temporal has forgotten and that is started once more is told beside it, under an id of its own.
 */
export function toStartSpan({
  run,
  result,
  startMs,
  endMs,
}: {
  readonly run: ClaimedRun;
  readonly result: StartResult;
  readonly startMs: number;
  readonly endMs: number;
}): Span {
  const { event, chain, attempt, workflowId, restarts } = run;
  const runs = result.kind === 'started' || result.kind === 'adopted';
  const code = result.kind === 'failed' ? result.code : result.kind === 'unreachable' ? 'temporal.unavailable' : undefined;
  return {
    trace: event.uuid,
    id: runs && restarts === 0 ? toStartSpanId({ eventUuid: event.uuid, chain, attempt }) : undefined,
    parent: toRootSpanId(event.uuid),
    name: `start ${chain}`,
    kind: 'producer',
    startMs,
    endMs,
    fields: {
      source: event.source,
      event_id: event.id,
      event_uuid: event.uuid,
      chain,
      workflow_id: workflowId,
      run_id: runs ? result.runId : undefined,
      attempt,
      outcome: result.kind,
      code,
    },
    failure: code,
  };
}
