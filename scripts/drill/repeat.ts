import type { Disturbance } from './drill-plan.ts';
import type { Fault } from './faults.ts';
import { between } from './random.ts';

/** Makes a drill of one fault: it strikes first after a pause, and again after each of them, until the drill's time is up. */
export function repeat(fault: Fault, pauseMs: readonly [least: number, most: number]): (disturbance: Disturbance) => Promise<void> {
  return async (disturbance) => {
    const { random, wait, isOver } = disturbance;
    while (!isOver()) {
      await wait(between(random, ...pauseMs));
      if (!isOver()) await fault(disturbance);
    }
  };
}
