import type { ProcessName } from './drill-fleet.ts';
import type { Disturbance } from './drill-plan.ts';

/**
 * Makes a drill of as many kills as fit: each process is killed and started again on a beat of its own, so that now and then all of them
 * are away at once. Each lives as long as its start has taken, however short the beat: what is never there can do nothing.
 */
export function killRounds(names: readonly ProcessName[], everyMs: number): (disturbance: Disturbance) => Promise<void> {
  return async ({ stack: { fleet }, note, wait, isOver }) => {
    const kill = async (name: ProcessName, index: number): Promise<void> => {
      let waitMs = (everyMs * (index + 1)) / names.length;
      for (;;) {
        await wait(waitMs);
        if (isOver()) return;
        const startedAt = performance.now();
        note(`${name} was killed`);
        await fleet.kill(name);
        await fleet.start(name);
        const tookMs = performance.now() - startedAt;
        waitMs = Math.max(tookMs, everyMs - tookMs);
      }
    };
    await Promise.all(names.map(kill));
  };
}
