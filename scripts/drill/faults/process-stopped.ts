import type { ProcessName } from '../drill-fleet.ts';
import type { Disturbance } from '../drill-plan.ts';
import type { Fault } from '../faults.ts';
import { between, pick } from '../random.ts';

/**
 * Longer than everything that somebody else takes over after: a heartbeat that does not come (6 s), a starter's lease (5 s here), a
 * workflow task (10 s), a local activity (2 s). So whoever goes on then is a zombie.
 */
const STOPPED_MS = [12_000, 20_000] as const;

/** A worker is stopped in its tracks (SIGSTOP) until others have taken its work over, and then goes on with it. */
export const workerStop: Fault = (disturbance) => stopOne(disturbance, ['worker-1', 'worker-2']);

/** An ingress is stopped in its tracks (SIGSTOP) until the other has taken over the runs that it was starting, and then goes on. */
export const ingressStop: Fault = (disturbance) => stopOne(disturbance, ['ingress-1', 'ingress-2']);

async function stopOne(
  { stack: { fleet }, random, note, wait }: Disturbance,
  names: readonly [ProcessName, ...ProcessName[]],
): Promise<void> {
  const name = pick(random, names);
  note(`${name} was stopped in its tracks`);
  await fleet.pause(name);
  await wait(between(random, ...STOPPED_MS));
  await fleet.resume(name);
}
