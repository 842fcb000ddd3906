import { ActivityFailure, ApplicationFailure, TemporalFailure, TimeoutFailure } from '@temporalio/common';
import { isErrorCode, type ErrorCode } from '../contracts/errors.ts';

/** Why a chain has failed, as its row and the Temporal UI say it. */
export interface FailureReason {
  readonly code: ErrorCode;
  readonly detail: string;
}

/**
 * The code of what a chain threw: an action's own, `action.gaveUp` after its last attempt, `chain.bug` for an error of the
 * chain's code.
 */
export function reasonOf(error: unknown): FailureReason {
  if (error instanceof ActivityFailure) return ofAction(error);
  if (error instanceof ApplicationFailure) return { code: codeIn(error.type) ?? 'action.failed', detail: error.message };
  if (error instanceof TemporalFailure) return { code: 'action.failed', detail: error.message };
  return { code: 'chain.bug', detail: `chain.bug: ${error instanceof Error ? `${error.name}: ${error.message}` : typeof error}` };
}

function ofAction({ activityType, cause, retryState }: ActivityFailure): FailureReason {
  const gaveUp = cause instanceof TimeoutFailure || retryState === 'TIMEOUT' || retryState === 'MAXIMUM_ATTEMPTS_REACHED';
  const last = cause instanceof TimeoutFailure ? cause.cause : cause;
  const detail = last === undefined ? 'no answer within its time' : last.message;
  if (gaveUp) return { code: 'action.gaveUp', detail: `action.gaveUp: \`${activityType}\`, last: ${detail}` };
  const code = last instanceof ApplicationFailure ? codeIn(last.type) : undefined;
  return { code: code ?? 'action.failed', detail };
}

function codeIn(type: string | undefined | null): ErrorCode | undefined {
  return typeof type === 'string' && isErrorCode(type) && type !== 'bug.unexpected' ? type : undefined;
}
