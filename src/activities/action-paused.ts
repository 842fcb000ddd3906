import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { HooklineError } from '../contracts/errors.ts';
import type { ActionFacts } from '../contracts/run.ts';
import type { Stop } from '../store/stops.ts';

/** Thrown in place of an effect that an operator has stopped: nothing has happened, and nothing has failed. */
export class ActionPaused extends HooklineError {
  readonly stop: Stop;

  constructor(stop: Stop) {
    super('action.paused', { where: `\`${stop.verb} ${stop.kind === 'all' ? 'all' : `${stop.kind} ${stop.name}`}\`` });
    this.stop = stop;
  }
}

/**
 * The failure by which a paused action waits. An effect is tried again by Temporal, which costs no history. A state action gives the
 * wait to its workflow, whose timer costs as much as Temporal's own, and begins its patience anew. Neither is logged as a failure.
 */
export function toPausedFailure(paused: ActionPaused, kind: ActionFacts['kind'], waitMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: paused.code,
    message: paused.message,
    category: ApplicationFailureCategory.BENIGN,
    nonRetryable: kind === 'state',
    details: [{ fix: paused.fix, waitMs }],
    nextRetryDelay: waitMs,
  });
}
