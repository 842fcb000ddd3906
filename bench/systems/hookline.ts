import { peerVersion } from '../harness/peer-version.ts';
import { startHookline } from '../harness/start-hookline.ts';
import type { System } from '../harness/system.ts';

/** Hookline accepts: delivery, event and run are on disk, and Temporal is away, so that nothing is started meanwhile. */
export default {
  name: 'hookline',
  means: 'hookline ingress; embedded PostgreSQL; runs wait for a Temporal that is away',
  ack: 'on disk',
  stores: 'postgres',
  versions: () => [peerVersion('fastify')],
  start: async (world) => startHookline(world, { temporalAddress: `127.0.0.1:${await world.freePort()}` }),
} satisfies System;
