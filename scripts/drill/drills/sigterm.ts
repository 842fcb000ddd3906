import { PROCESSES } from '../drill-fleet.ts';
import type { DrillPlan } from '../drill-plan.ts';

const PAUSE_MS = 500;

/** Each process is asked to end in turn, again and again, while senders keep their connections: how long it takes, and whom it cuts off. */
export const sigtermDrill: DrillPlan = {
  name: 'sigterm',
  means: 'each process gets SIGTERM in turn under load: how long until it has ended, and whether a sender who is under way is cut off',
  // copies make requests, and no work behind them
  load: { ratePerS: 8, copies: 5, heldBackMs: 1_000 },
  async disturb({ stack, everyMs = PAUSE_MS, note, wait, isOver }) {
    for (let turn = 0; !isOver(); turn += 1) {
      const name = PROCESSES[turn % PROCESSES.length] ?? PROCESSES[0];
      note(`${name} got SIGTERM`);
      await stack.fleet.stop(name);
      await stack.fleet.start(name);
      await wait(everyMs);
    }
  },
};
