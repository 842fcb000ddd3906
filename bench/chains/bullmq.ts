import type { ChainSystem } from '../harness/chain-system.ts';
import { peerVersion } from '../harness/peer-version.ts';
import { countFinished, prepareSteps } from '../harness/steps-table.ts';

/** A flow of BullMQ on a Redis that syncs each write; the actions' rows are in the PostgreSQL that Hookline has. */
export default {
  name: 'bullmq',
  means: 'Fastify adds a flow of three jobs, a worker beside it; Redis with appendfsync always',
  needs: ['redis'],
  versions: ({ redis }) => [peerVersion('bullmq'), peerVersion('ioredis'), `redis ${redis?.version}`],
  async start(world, work) {
    const database = await world.database();
    const env = { ...(await prepareSteps(database, work)), REDIS_PORT: String(await world.redis('always')) };
    return { url: await world.serve('bullmq-chain', env), finished: () => countFinished(database, work) };
  },
} satisfies ChainSystem;
