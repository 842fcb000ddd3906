import type { DrillPlan } from '../drill-plan.ts';
import { workerKill } from '../faults.ts';
import { repeat } from '../repeat.ts';

/** Workers are killed in turn, while slow vendors see to it that actions are under way. */
export const workerKillDrill: DrillPlan = {
  name: 'worker-kill',
  means: 'workers are killed in the middle of actions (SIGKILL)',
  async disturb(disturbance) {
    for (const mood of Object.values(disturbance.stack.vendors.moods)) Object.assign(mood, { odds: { slow: 0.3 }, slowMs: 1_500 });
    await repeat(workerKill, [1_000, 4_000])(disturbance);
  },
};
