import type { ChainSystem } from '../harness/chain-system.ts';
import { peerVersion } from '../harness/peer-version.ts';
import { startHookline } from '../harness/start-hookline.ts';
import { countFinished, prepareSteps } from '../harness/steps-table.ts';

/** Hookline as in production: an ingress, a worker, a Temporal. */
export default {
  name: 'hookline',
  means: 'hookline ingress and worker; tuned dev server; embedded PostgreSQL',
  needs: ['temporal'],
  versions: ({ temporal }) => [peerVersion('@temporalio/worker'), `temporal ${temporal?.version}`],
  async start(world, work) {
    const temporal = await world.temporal('tuned');
    const hookline = await startHookline(world, { temporalAddress: temporal, worker: true, work });
    await prepareSteps(hookline.database, work);
    return { ...hookline, temporal, finished: () => countFinished(hookline.database, work) };
  },
} satisfies ChainSystem;
