import { createTemporalClient, withDeadline } from '../../../src/runtime/temporal-client.ts';

const DEADLINE_MS = 10_000;

/**
 * Has a run of somebody else stand under a workflow id, so that ours can never be started: resolves to what ends it. Temporal takes no
 * other start of ours for poison, since whatever an event may hold is within its limits: 256 KiB of data, ids of 200 characters.
 */
export async function occupyWorkflowId(address: string, workflowId: string): Promise<() => Promise<void>> {
  const { client, connection, close } = createTemporalClient({ address });
  const soon = <Result>(call: () => Promise<Result>): Promise<Result> => withDeadline(connection, DEADLINE_MS, call);
  try {
    const handle = await soon(() => client.workflow.start('somebodyElses', { taskQueue: 'somebody-elses', workflowId }));
    return async () => {
      try {
        await soon(() => handle.terminate('the drill goes on without it'));
      } finally {
        await close();
      }
    };
  } catch (error) {
    await close();
    throw error;
  }
}
