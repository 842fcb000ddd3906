import { peerVersion } from '../harness/peer-version.ts';
import type { System } from '../harness/system.ts';

/** DBOS on the PostgreSQL that Hookline has. */
export default {
  name: 'dbos',
  means: 'Fastify enqueues a workflow of DBOS; embedded PostgreSQL',
  ack: 'on disk',
  stores: 'postgres',
  versions: () => [peerVersion('@dbos-inc/dbos-sdk')],
  async start(world) {
    const { url, number, size } = await world.database();
    return {
      url: await world.serve('dbos', { DATABASE_URL: url }),
      stored: () => number('SELECT count(*) AS number FROM dbos.workflow_status'),
      size,
    };
  },
} satisfies System;
