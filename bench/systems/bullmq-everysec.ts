import { startBullmq } from '../harness/start-bullmq.ts';
import { peerVersion } from '../harness/peer-version.ts';
import type { System } from '../harness/system.ts';

/** BullMQ on a Redis that syncs its file once a second, as BullMQ's documentation recommends.  */
export default {
  name: 'bullmq-everysec',
  means: 'Fastify adds a job; Redis with appendfsync everysec',
  ack: 'on disk within 1 s',
  needs: ['redis'],
  versions: ({ redis }) => [peerVersion('bullmq'), peerVersion('ioredis'), `redis ${redis?.version}`],
  start: (world) => startBullmq(world, 'everysec'),
} satisfies System;
