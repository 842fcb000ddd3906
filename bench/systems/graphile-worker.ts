import { peerVersion } from '../harness/peer-version.ts';
import type { System } from '../harness/system.ts';

/** Graphile Worker on the PostgreSQL that Hookline has. */
export default {
  name: 'graphile-worker',
  means: 'Fastify adds a job of Graphile Worker; embedded PostgreSQL',
  ack: 'on disk',
  stores: 'postgres',
  versions: () => [peerVersion('graphile-worker')],
  async start(world) {
    const { url, number, size } = await world.database();
    return {
      url: await world.serve('graphile-worker', { DATABASE_URL: url }),
      stored: () => number('SELECT count(*) AS number FROM graphile_worker.jobs'),
      size,
    };
  },
} satisfies System;
