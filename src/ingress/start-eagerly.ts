import type { ConnectionLike, WorkflowService } from '@temporalio/client';
import { classifyStartError } from './start-error.ts';
import { withDeadline } from './with-deadline.ts';

/** The connection that a worker of this process polls by. */
export type EagerConnection = Pick<ConnectionLike, 'workflowService' | 'withDeadline'>;

type Request = Parameters<WorkflowService['startWorkflowExecution']>[0];
type Response = Awaited<ReturnType<WorkflowService['startWorkflowExecution']>>;

/**
 * Starts a run through a worker's own connection: where that worker has room, Temporal answers with the run's first task, which then needs
 * no turn in a task queue. Undefined when that is to be done the usual way instead: the SDK tries such a call again for as long as it
 * likes, so one that is late or meets a server that is away or sheds load is given up here; made again with the same request id, it starts nothing twice.
 */
export async function startEagerly(connection: EagerConnection, request: Request, deadlineMs: number): Promise<Response | undefined> {
  const starting = connection
    .withDeadline(Date.now() + deadlineMs, () =>
      connection.workflowService.startWorkflowExecution({ ...request, requestEagerExecution: true }),
    )
    .catch((error: unknown) => {
      const { kind } = classifyStartError(error);
      if (kind === 'unreachable' || kind === 'shedding') return undefined;
      throw error;
    });
  return withDeadline(starting, deadlineMs, () => undefined);
}
