import type { DrillPlan } from '../drill-plan.ts';
import { workerKill } from '../faults.ts';
import { killRounds } from '../kill-rounds.ts';
import { repeat } from '../repeat.ts';

/** Workers are killed in turn, while slow vendors see to it that actions are under way. */
export const workerKillDrill: DrillPlan = {
  name: 'worker-kill',
  means: 'workers are killed in the middle of actions (SIGKILL)',
  async disturb(disturbance) {
    for (const mood of Object.values(disturbance.stack.vendors.moods)) Object.assign(mood, { odds: { slow: 0.3 }, slowMs: 1_500 });
    const { everyMs } = disturbance;
    await (everyMs === undefined ? repeat(workerKill, [1_000, 4_000]) : killRounds(['worker-1', 'worker-2'], everyMs))(disturbance);
  },
};
