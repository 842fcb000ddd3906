import { peerVersion } from '../harness/peer-version.ts';
import { startHookline } from '../harness/start-hookline.ts';
import type { System } from '../harness/system.ts';

/** Hookline accepts and starts: the same with a Temporal, whose work takes its share of the same processors. */
export default {
  name: 'hookline-starting',
  means: 'the same, starting runs meanwhile; tuned Temporal dev server, no worker',
  ack: 'on disk',
  stores: 'postgres',
  needs: ['temporal'],
  versions: ({ temporal }) => [peerVersion('@temporalio/client'), `temporal ${temporal?.version}`],
  start: async (world) => startHookline(world, { temporalAddress: await world.temporal('tuned') }),
} satisfies System;
