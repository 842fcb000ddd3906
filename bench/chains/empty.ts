import type { ChainSystem } from '../harness/chain-system.ts';
import { peerVersion } from '../harness/peer-version.ts';
import { startQuickstart } from '../harness/start-quickstart.ts';

/** The limit that Temporal sets: workflows that do nothing. */
export default {
  name: 'empty',
  means: 'the same as quickstart-tuned, with workflows that do nothing: the limit',
  needs: ['temporal'],
  empty: true,
  versions: ({ temporal }) => [peerVersion('@temporalio/worker'), `temporal ${temporal?.version}`],
  start: (world, work) => startQuickstart(world, { work, server: 'tuned', workflow: 'nothing' }),
} satisfies ChainSystem;
