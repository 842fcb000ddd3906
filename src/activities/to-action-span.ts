import type { Info } from '@temporalio/activity';
import { toPublicId } from '../contracts/ids.ts';
import type { ActionCall } from '../contracts/run.ts';
import { toRunSpanId, type Span } from '../contracts/tracing.ts';

/** One attempt of an action, as it has ended. */
export interface TracedAttempt {
  readonly call: ActionCall;
  /** The run that it belongs to. */
  readonly run: { readonly chain: string; readonly runId: string; readonly workflowId: string };
  readonly info: Pick<Info, 'attempt' | 'heartbeatDetails'>;
  readonly outcome: 'done' | 'repeated' | 'dry' | 'paused' | 'waiting' | 'failed';
  readonly code?: string | undefined;
  readonly endMs: number;
  readonly durationMs: number;
}

/**
 * The span of an attempt of an action, below that of its run. Nothing where an effect that was paused, or waits for its vendor, asks once more: a
 * pause of days would make thousands, and its first one says it.
 */
export function toActionSpan({ call, run, info, outcome, code, endMs, durationMs }: TracedAttempt): Span | undefined {
  if (outcome === 'paused' && leftBehind(info, 'paused')) return undefined;
  if (outcome === 'waiting' && leftBehind(info, 'waitsSinceMs')) return undefined;
  const { eventUuid, attempt, action } = call;
  return {
    trace: eventUuid,
    parent: toRunSpanId({ eventUuid, chain: run.chain, attempt }),
    name: action,
    startMs: endMs - durationMs,
    endMs,
    fields: {
      action,
      agent: action.split('.', 1)[0],
      source: call.source,
      event_id: call.eventId,
      event_uuid: eventUuid,
      chain: run.chain,
      workflow_id: run.workflowId,
      run_id: run.runId,
      attempt,
      step_attempt: info.attempt,
      effect_key: toPublicId(call.key),
      outcome,
      code,
      dry: outcome === 'dry' ? true : undefined,
    },
    failure: outcome === 'failed' ? (code ?? 'bug.unexpected') : undefined,
  };
}

/** An attempt that was not made says so in its last heartbeat. */
function leftBehind({ heartbeatDetails }: TracedAttempt['info'], word: 'paused' | 'waitsSinceMs'): boolean {
  const left: unknown = heartbeatDetails;
  return typeof left === 'object' && left !== null && word in left;
}
