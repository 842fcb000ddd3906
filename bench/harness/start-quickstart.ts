import type { ChainWork, RunningChains } from './chain-system.ts';
import { countWorkflows } from './count-workflows.ts';
import { countFinished, prepareSteps } from './steps-table.ts';
import type { World } from './world.ts';

/** What a quickstart of Temporal comes to: Fastify starts the workflow in the request, a worker runs each action as an activity. */
export async function startQuickstart(
  world: World,
  { work, server, workflow = 'push' }: { readonly work: ChainWork; readonly server: 'stock' | 'tuned'; readonly workflow?: string },
): Promise<RunningChains> {
  const temporal = await world.temporal(server);
  const database = await world.database();
  const env = { ...(await prepareSteps(database, work)), TEMPORAL_ADDRESS: temporal };
  await world.program('temporal-chain', env);
  return {
    temporal,
    url: await world.serve('temporal-in-request', { TEMPORAL_ADDRESS: temporal, WORKFLOW: workflow }),
    finished:
      workflow === 'push'
        ? () => countFinished(database, work)
        : async () => ({ count: await countWorkflows(temporal, "ExecutionStatus = 'Completed'"), lastMs: NaN }),
  };
}
