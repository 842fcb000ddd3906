import bullmq from './chains/bullmq.ts';
import dbos from './chains/dbos.ts';
import empty from './chains/empty.ts';
import hooklineApart from './chains/hookline-apart.ts';
import hookline from './chains/hookline.ts';
import quickstartStock from './chains/quickstart-stock.ts';
import quickstartTuned from './chains/quickstart-tuned.ts';
import restate from './chains/restate.ts';
import type { ChainSystem } from './harness/chain-system.ts';

/** Everything that carries out chains, in the order of the tables. */
export const CHAIN_SYSTEMS: readonly ChainSystem[] = [
  hookline,
  hooklineApart,
  quickstartStock,
  quickstartTuned,
  empty,
  bullmq,
  dbos,
  restate,
];
