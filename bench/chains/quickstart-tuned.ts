import type { ChainSystem } from '../harness/chain-system.ts';
import { peerVersion } from '../harness/peer-version.ts';
import { startQuickstart } from '../harness/start-quickstart.ts';

/** The plain way, on a development server that is tuned as ours. */
export default {
  name: 'quickstart-tuned',
  means: 'Fastify starts a workflow in the request, a worker runs three activities; tuned dev server',
  needs: ['temporal'],
  versions: ({ temporal }) => [peerVersion('@temporalio/worker'), `temporal ${temporal?.version}`],
  start: (world, work) => startQuickstart(world, { work, server: 'tuned' }),
} satisfies ChainSystem;
