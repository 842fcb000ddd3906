import { startBullmq } from '../harness/start-bullmq.ts';
import { peerVersion } from '../harness/peer-version.ts';
import type { System } from '../harness/system.ts';

/** BullMQ on a Redis that syncs each write before it answers.  */
export default {
  name: 'bullmq-always',
  means: 'Fastify adds a job; Redis with appendfsync always',
  ack: 'on disk',
  needs: ['redis'],
  versions: ({ redis }) => [peerVersion('bullmq'), peerVersion('ioredis'), `redis ${redis?.version}`],
  start: (world) => startBullmq(world, 'always'),
} satisfies System;
