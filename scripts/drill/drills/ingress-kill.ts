import type { DrillPlan } from '../drill-plan.ts';
import { ingressKill } from '../faults.ts';
import { killRounds } from '../kill-rounds.ts';
import { repeat } from '../repeat.ts';

/** Ingresses are killed while they take webhooks. */
export const ingressKillDrill: DrillPlan = {
  name: 'ingress-kill',
  means: 'ingresses are killed while they take webhooks (SIGKILL)',
  load: { ratePerS: 8 },
  async disturb(disturbance) {
    const { everyMs } = disturbance;
    await (everyMs === undefined ? repeat(ingressKill, [1_000, 3_000]) : killRounds(['ingress-1', 'ingress-2'], everyMs))(disturbance);
  },
};
