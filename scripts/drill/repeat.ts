import type { Disturbance } from './drill-plan.ts';
import type { Fault } from './faults.ts';
import { between } from './random.ts';

/**
 * Makes a drill of one fault: it strikes first after a pause, and again after each of them, until the drill's time is up. Where it was
 * told how often, it strikes that often, or as often as it is over.
 */
export function repeat(fault: Fault, pauseMs: readonly [least: number, most: number]): (disturbance: Disturbance) => Promise<void> {
  return async (disturbance) => {
    const { random, everyMs, wait, isOver } = disturbance;
    let tookMs = 0;
    while (!isOver()) {
      await wait(everyMs === undefined ? between(random, ...pauseMs) : Math.max(0, everyMs - tookMs));
      const startedAt = performance.now();
      if (!isOver()) await fault(disturbance);
      tookMs = performance.now() - startedAt;
    }
  };
}
