import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { sleep } from '@temporalio/workflow';

/** Calls an action again for as long as it says that an operator has paused it, each time after the wait that it asks for. */
export async function waitWhilePaused(call: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const waitMs = waitOf(error);
      if (waitMs === undefined) throw error;
      await sleep(waitMs);
    }
  }
}

function waitOf(error: unknown): number | undefined {
  const failure = error instanceof ActivityFailure ? error.cause : error;
  if (!(failure instanceof ApplicationFailure) || failure.type !== 'action.paused') return undefined;
  const [detail] = failure.details ?? [];
  const waitMs: unknown = typeof detail === 'object' && detail !== null && 'waitMs' in detail ? detail.waitMs : undefined;
  return typeof waitMs === 'number' ? waitMs : undefined;
}
