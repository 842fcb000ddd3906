import { countWorkflows } from '../harness/count-workflows.ts';
import { peerVersion } from '../harness/peer-version.ts';
import type { System } from '../harness/system.ts';

/** What a quickstart suggests: the request starts the workflow. The server is the stock one, with a file to keep its data in. */
export default {
  name: 'temporal-in-request',
  means: 'Fastify starts a workflow in the request; stock dev server with a file',
  ack: 'on disk',
  needs: ['temporal'],
  versions: ({ temporal }) => [peerVersion('@temporalio/client'), `temporal ${temporal?.version}`],
  async start(world) {
    const address = await world.temporal('stock');
    return { url: await world.serve('temporal-in-request', { TEMPORAL_ADDRESS: address }), stored: () => countWorkflows(address) };
  },
} satisfies System;
