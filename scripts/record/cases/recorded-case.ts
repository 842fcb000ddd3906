import { ApplicationFailure } from '@temporalio/common';
import type { RunInput } from '../../../src/contracts/run.ts';
import type { ScriptedAction } from '../scripted-worker.ts';

/** One way through a chain: what comes in, and what its actions answer. */
export interface RecordedCase {
  readonly name: string;
  readonly event: RunInput['event'];
  readonly actions: Readonly<Record<string, ScriptedAction>>;
}

/** An action that fails for good with a code of the errors table. */
export const fail =
  (code: string): ScriptedAction =>
  () => {
    throw ApplicationFailure.nonRetryable(`${code}: as scripted`, code);
  };
