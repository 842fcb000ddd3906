import type { TaskFailure } from '../../ingress/task-failure.ts';

/** What a run that is under way waits for, as Temporal has it. */
export interface PendingSteps {
  /** Steps that have not ended; none where the run stands between two, or waits for a time. */
  readonly steps: readonly PendingStep[];
  /** Since when no worker has taken what is there to be done; null where one has. */
  readonly workerAwaitedSince: Date | null;
  /** Why Temporal cannot carry the run on. @default it goes on */
  readonly taskFailure?: Pick<TaskFailure, 'detail' | 'since'> | undefined;
}

/** A step that has not ended. */
export interface PendingStep {
  /** `agent.action`; null where Temporal does not tell. */
  readonly action: string | null;
  /** How the last try has ended; null where none has. The message is one of our own errors, or Temporal's word for a timeout. */
  readonly last: { readonly code: string | null; readonly message: string } | null;
  /** Null while a try is under way. */
  readonly nextTryAt: Date | null;
}

/** Asks Temporal; null where it cannot be asked within seconds, or does not know the run. Never rejects. */
export type ReadPendingSteps = (run: { readonly workflowId: string; readonly runId: string }) => Promise<PendingSteps | null>;
