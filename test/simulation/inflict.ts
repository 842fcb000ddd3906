import type { PlannedFault } from './plan.ts';
import type { DatabaseLink } from './world/database-link.ts';
import type { ProductProcess } from './world/process.ts';
import type { TemporalModel } from './world/temporal-model.ts';
import type { Weather } from './world/weather.ts';
import type { World } from './world/world.ts';

/** A place for a process, and the one that has it. */
export interface Slot {
  readonly process: ProductProcess;
  readonly link: DatabaseLink;
}

/** What faults are inflicted on. */
export interface Victims {
  readonly world: World;
  readonly weather: Weather;
  readonly temporal: TemporalModel;
  readonly slots: readonly Slot[];
  /** Starts a process anew in its place. */
  readonly start: (slot: number) => void;
  /** Acts after so many milliseconds, and until then nothing is at rest. */
  readonly later: (ms: number, act: () => void) => void;
}

/** Breaks something, and mends it after the fault's time. */
export function inflict({ kind, forMs, process: number }: PlannedFault, { world, weather, temporal, slots, start, later }: Victims): void {
  const slot = number % slots.length;
  const turn = <Name extends keyof typeof weather>(name: Name, value: (typeof weather)[Name], fair: (typeof weather)[Name]): void => {
    weather[name] = value;
    later(forMs, () => (weather[name] = fair));
  };
  switch (kind) {
    case 'kill': {
      const current = slots[slot];
      if (current === undefined || current.process.host.isDead) return;
      current.process.host.isDead = true;
      current.link.cut();
      return later(forMs, () => start(slot));
    }
    case 'stop': {
      const host = slots[slot]?.process.host;
      if (host === undefined || host.isDead) return;
      host.isStopped = true;
      return later(forMs * 2, () => world.resume(host));
    }
    case 'databaseLoss':
      return turn('databaseLoss', 0.3, 0);
    case 'databaseDown':
      return turn('databaseLoss', 1, 0);
    case 'temporalDown':
      return turn('temporal', 'down', 'fine');
    case 'temporalSilent':
      return turn('temporal', 'silent', 'fine');
    case 'temporalExhausted':
      return turn('temporal', 'exhausted', 'fine');
    case 'temporalInternal':
      return turn('temporal', 'internal', 'fine');
    case 'temporalLoss':
      return turn('temporalLoss', 0.4, 0);
    case 'temporalRestore':
      temporal.snapshot();
      return later(forMs, () => {
        temporal.restore();
        turn('temporal', 'down', 'fine');
      });
    case 'vendorRefuses':
      return turn('vendors', 'refuses', 'fine');
    case 'vendorAsksToWait':
      return turn('vendors', 'asksToWait', 'fine');
    case 'vendorResetsBefore':
      return turn('vendors', 'resetsBefore', 'fine');
    case 'vendorResetsAfter':
      return turn('vendors', 'resetsAfter', 'fine');
    case 'vendorSlow':
      return turn('vendors', 'slow', 'fine');
  }
}
