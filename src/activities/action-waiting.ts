import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { HooklineError } from '../contracts/errors.ts';
import type { OpenWait } from '../store/vendor-waits.ts';

/** Thrown in place of an effect whose vendor has asked to be left alone: nothing has happened, and nothing has failed. */
export class ActionWaiting extends HooklineError {
  readonly wait: OpenWait;

  constructor(wait: OpenWait) {
    super('action.waiting', { expected: `no request before ${wait.until.toISOString()}`, where: `\`adapter ${wait.adapter}\`` });
    this.wait = wait;
  }
}

/** The failure by which an effect waits for its vendor: Temporal tries it again after so many milliseconds, and logs no failure. */
export function toWaitingFailure(waiting: ActionWaiting, waitMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: waiting.code,
    message: waiting.message,
    category: ApplicationFailureCategory.BENIGN,
    nonRetryable: false,
    details: [{ fix: waiting.fix }],
    nextRetryDelay: waitMs,
  });
}
