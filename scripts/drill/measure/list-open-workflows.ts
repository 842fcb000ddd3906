import { setTimeout as sleep } from 'node:timers/promises';
import { createTemporalClient, withDeadline } from '../../../src/runtime/temporal-client.ts';

const DEADLINE_MS = 10_000;
const PAGE = 1_000;
/** A run writes its outcome shortly before it closes, and lists of Temporal are behind its runs: what is as it should be is so by then. */
const AGREE_MS = 20_000;
const POLL_MS = 500;

/**
 * Workflow ids that Temporal has open. It is asked again for a while where it has more than the rows, which may be those of a moment
 * ago, say: its list is behind its runs.
 */
export async function listOpenWorkflows(address: string, openRows: ReadonlySet<string>): Promise<readonly string[]> {
  const { client, connection, close } = createTemporalClient({ address });
  const list = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    const executions = client.workflow.list({ query: `ExecutionStatus = 'Running'`, pageSize: PAGE });
    await withDeadline(connection, DEADLINE_MS, async () => {
      for await (const { workflowId } of executions) found.push(workflowId);
    });
    return found;
  };
  try {
    for (const until = performance.now() + AGREE_MS; ;) {
      const open = await list();
      if (open.every((workflowId) => openRows.has(workflowId)) || performance.now() >= until) return open;
      await sleep(POLL_MS);
    }
  } finally {
    await close();
  }
}
