import type { ChainSystem } from '../harness/chain-system.ts';
import { peerVersion } from '../harness/peer-version.ts';
import { countFinished, prepareSteps } from '../harness/steps-table.ts';

/** DBOS in one process, on the PostgreSQL that Hookline has. */
export default {
  name: 'dbos',
  means: 'Fastify starts a workflow of three steps in its own process; embedded PostgreSQL',
  versions: () => [peerVersion('@dbos-inc/dbos-sdk')],
  async start(world, work) {
    const database = await world.database();
    const env = { ...(await prepareSteps(database, work)), DATABASE_URL: database.url };
    return { url: await world.serve('dbos-chain', env), finished: () => countFinished(database, work) };
  },
} satisfies ChainSystem;
