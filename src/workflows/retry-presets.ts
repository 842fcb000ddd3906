import type { RetryPolicy } from '@temporalio/common';
import type { RetryPreset } from '../contracts/run.ts';

/** How an action is tried again. */
interface Preset {
  readonly retry: RetryPolicy;
  /** After how many attempts a state action gives up; as many as its patience has room for. Absent: never. */
  readonly stateAttempts?: number;
}

/**
 * The presets of the design: `quick` (30 s) for what a person waits for, `patient` (24 h) for what the world may delay, `forever` for what
 * must be. Giving up is left to the action (`activities/patience.ts`), since Temporal's own limit would count the time that an operator
 * has paused it: an effect measures its time; a state action, which has no memory, ends with its last attempt.
 */
export const retryPresets = {
  quick: { retry: { initialInterval: '100 ms', backoffCoefficient: 2, maximumInterval: '5 seconds' }, stateAttempts: 11 },
  patient: { retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' }, stateAttempts: 296 },
  forever: { retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' } },
} as const satisfies Record<RetryPreset, Preset>;
