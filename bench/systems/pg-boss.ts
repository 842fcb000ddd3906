import { peerVersion } from '../harness/peer-version.ts';
import type { System } from '../harness/system.ts';

/** pg-boss on the PostgreSQL that Hookline has. */
export default {
  name: 'pg-boss',
  means: 'Fastify sends a job to pg-boss; embedded PostgreSQL',
  ack: 'on disk',
  stores: 'postgres',
  versions: () => [peerVersion('pg-boss')],
  async start(world) {
    const { url, number, size } = await world.database();
    return {
      url: await world.serve('pg-boss', { DATABASE_URL: url }),
      stored: () => number('SELECT count(*) AS number FROM pgboss.job'),
      size,
    };
  },
} satisfies System;
