import type { ChainSystem } from '../harness/chain-system.ts';
import { peerVersion } from '../harness/peer-version.ts';
import { startQuickstart } from '../harness/start-quickstart.ts';

/** The plain way, on a development server as it comes. */
export default {
  name: 'quickstart-stock',
  means: 'Fastify starts a workflow in the request, a worker runs three activities; stock dev server',
  needs: ['temporal'],
  versions: ({ temporal }) => [peerVersion('@temporalio/worker'), `temporal ${temporal?.version}`],
  start: (world, work) => startQuickstart(world, { work, server: 'stock' }),
} satisfies ChainSystem;
