import type { RetryPolicy } from '@temporalio/common';
import type { RetryPreset } from '../contracts/run.ts';

/** How an action is tried again, and when it gives up. */
interface Patience {
  readonly retry: RetryPolicy;
  /** From the first attempt to giving up; absent: never. */
  readonly scheduleToCloseTimeout?: '30 seconds' | '24 hours';
}

/** The presets of the design: `quick` for what a person waits for, `patient` for what the world may delay, `forever` for what must be. */
export const retryPresets = {
  quick: {
    retry: { initialInterval: '100 ms', backoffCoefficient: 2, maximumInterval: '5 seconds' },
    scheduleToCloseTimeout: '30 seconds',
  },
  patient: {
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' },
    scheduleToCloseTimeout: '24 hours',
  },
  forever: { retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '5 minutes' } },
} as const satisfies Record<RetryPreset, Patience>;
