import type { DrillPlan } from '../drill-plan.ts';
import { ingressStop, workerStop } from '../faults/process-stopped.ts';
import { repeat } from '../repeat.ts';

/** Workers, and now and then an ingress, are stopped in the middle of actions and go on when others have taken over. */
export const workerStopDrill: DrillPlan = {
  name: 'worker-stop',
  means: 'workers, and now and then an ingress, are stopped (SIGSTOP) until others have taken over, and go on as zombies',
  async disturb(disturbance) {
    for (const mood of Object.values(disturbance.stack.vendors.moods)) Object.assign(mood, { odds: { slow: 0.3 }, slowMs: 1_500 });
    await repeat((now) => (now.random() < 0.75 ? workerStop(now) : ingressStop(now)), [1_000, 4_000])(disturbance);
  },
};
