import type { ChainSystem } from '../harness/chain-system.ts';
import { peerVersion } from '../harness/peer-version.ts';
import { startRestate } from '../harness/start-restate.ts';
import { countFinished, prepareSteps } from '../harness/steps-table.ts';

/** Restate, one node as it comes; the actions' rows are in the PostgreSQL that Hookline has. */
export default {
  name: 'restate',
  means: 'Fastify sends one-way; a service of three journaled steps; embedded PostgreSQL for their rows',
  versions: () => [peerVersion('@restatedev/restate-server'), peerVersion('@restatedev/restate-sdk')],
  async start(world, work) {
    const database = await world.database();
    const env = await prepareSteps(database, work);
    return { ...(await startRestate(world, { service: 'restate-chain', env })), finished: () => countFinished(database, work) };
  },
} satisfies ChainSystem;
