import type { ChainSystem } from '../harness/chain-system.ts';
import { peerVersion } from '../harness/peer-version.ts';
import { startHooklineChains } from '../harness/start-hookline-chains.ts';

/** Hookline in one process: runs begin in the process that has taken their webhook. */
export default {
  name: 'hookline',
  means: '`hookline up`: ingress and worker in one process; tuned dev server; embedded PostgreSQL',
  needs: ['temporal'],
  versions: ({ temporal }) => [peerVersion('@temporalio/worker'), `temporal ${temporal?.version}`],
  start: (world, work) => startHooklineChains(world, { work, processes: 'up' }),
} satisfies ChainSystem;
