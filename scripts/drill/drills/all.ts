import type { Disturbance, DrillPlan } from '../drill-plan.ts';
import * as faults from '../faults.ts';
import { clockSkew } from '../faults/clock-skew.ts';
import { connectionsCut } from '../faults/connections-cut.ts';
import { ingressStop, workerStop } from '../faults/process-stopped.ts';
import { secretRotation } from '../faults/secret-rotation.ts';
import { temporalSilent } from '../faults/temporal-silent.ts';
import { temporalSlow } from '../faults/temporal-slow.ts';
import { createRandom } from '../../../src/cli/drill/create-random.ts';
import { between, pick } from '../random.ts';

/** From the beginning of one fault to that of the next: 10 s on average, however long each lasts. */
const PAUSE_MS = [5_000, 15_000] as const;

/** What two faults may not break at once: each mends what it has broken. */
type Subject = 'ingresses' | 'lines' | 'postgres' | 'temporal' | 'vendors' | 'workers';

interface PlacedFault {
  readonly fault: faults.Fault;
  readonly breaks: readonly Subject[];
}

const BURST: PlacedFault = { fault: faults.burst, breaks: [] };
/** All but the full disk, which wants a disk of its own. */
const OTHERS: readonly PlacedFault[] = [
  { fault: faults.temporalDown, breaks: ['temporal'] },
  { fault: temporalSlow, breaks: ['temporal', 'lines'] },
  { fault: temporalSilent, breaks: ['temporal', 'lines'] },
  { fault: faults.postgresRestart, breaks: ['postgres'] },
  { fault: connectionsCut, breaks: ['lines'] },
  { fault: faults.ingressKill, breaks: ['ingresses'] },
  { fault: ingressStop, breaks: ['ingresses'] },
  { fault: secretRotation, breaks: ['ingresses'] },
  { fault: faults.workerKill, breaks: ['workers'] },
  { fault: workerStop, breaks: ['workers'] },
  { fault: faults.rollingRestart, breaks: ['ingresses', 'workers'] },
  { fault: clockSkew, breaks: ['ingresses', 'workers'] },
  { fault: faults.slowVendor, breaks: ['vendors'] },
  { fault: faults.vendorErrors, breaks: ['vendors'] },
  { fault: faults.mailDrop, breaks: ['vendors'] },
];

/** Faults of every kind at random, by the seed; a long one goes on while others come. */
export const allDrill: DrillPlan = {
  name: 'all',
  means: 'faults of every kind at random, by the seed, several at once; only the full disk has a drill of its own',
  load: { reordered: 0.2 },
  needs: ['network', 'clocks'],
  async disturb(disturbance) {
    const { random, wait, isOver } = disturbance;
    const broken = new Set<Subject>();
    const open = new Set<Promise<void>>();
    const failures: unknown[] = [];
    while (failures.length === 0) {
      await wait(between(random, ...PAUSE_MS));
      if (isOver()) break;
      const free = OTHERS.filter(({ breaks }) => breaks.every((subject) => !broken.has(subject)));
      const task = strike(pick(random, [BURST, ...free]), { disturbance, broken })
        .catch((error: unknown) => void failures.push(error))
        .finally(() => open.delete(task));
      open.add(task);
    }
    await Promise.all(open);
    if (failures.length > 0) throw failures[0];
  },
};

/** Has a fault begin and end, with chances of its own, so that what others ask for meanwhile changes none of them. */
async function strike(
  { fault, breaks }: PlacedFault,
  { disturbance, broken }: { readonly disturbance: Disturbance; readonly broken: Set<Subject> },
): Promise<void> {
  for (const subject of breaks) broken.add(subject);
  const random = createRandom(disturbance.random() * 2 ** 32);
  await fault({ ...disturbance, random });
  for (const subject of breaks) broken.delete(subject);
}
