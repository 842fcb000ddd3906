import { peerVersion } from '../harness/peer-version.ts';
import { startRestate } from '../harness/start-restate.ts';
import type { System } from '../harness/system.ts';

/** Restate, one node as it comes: its log is synced before it answers. */
export default {
  name: 'restate',
  means: 'Fastify sends one-way to Restate, one node with its defaults',
  ack: 'on disk',
  versions: () => [peerVersion('@restatedev/restate-server'), peerVersion('@restatedev/restate-sdk')],
  start: (world) => startRestate(world, { service: 'restate-service', query: '?delay=1h' }),
} satisfies System;
