import type { ChainSystem } from '../harness/chain-system.ts';
import { startHooklineChains } from '../harness/start-hookline-chains.ts';

/** Hookline as in a larger production: the ingress has a process of its own. */
export default {
  name: 'hookline-apart',
  means: 'the same with an ingress and a worker, each a process of its own',
  needs: ['temporal'],
  versions: () => [],
  start: (world, work) => startHooklineChains(world, { work, processes: 'apart' }),
} satisfies ChainSystem;
