import { createTemporalClient } from '../../src/runtime/temporal-client.ts';

/** How many workflows a Temporal knows, of those that a query finds; its index is a moment behind. */
export async function countWorkflows(address: string, query = ''): Promise<number> {
  const { connection, namespace, close } = createTemporalClient({ address });
  try {
    const { count } = await connection.workflowService.countWorkflowExecutions({ namespace, query });
    return Number(count);
  } finally {
    await close();
  }
}
