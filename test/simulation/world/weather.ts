import type { World } from './world.ts';

/** What becomes of one request over a network: `late` is carried out after its sender has given it up. */
export type Fate = 'fine' | 'lost' | 'answerLost' | 'late';

/** What a vendor does with one call. */
export type VendorMood = 'fine' | 'refuses' | 'asksToWait' | 'resetsBefore' | 'resetsAfter' | 'slow';

/** How Temporal answers. */
export type TemporalMood = 'fine' | 'down' | 'silent' | 'exhausted' | 'internal';

/** The faults of the moment; plans turn them on and off. */
export interface Weather {
  /** How likely a statement, or a connection, is lost: from 0 to 1. */
  databaseLoss: number;
  /** How likely a call of Temporal, or a word of a worker, is lost. */
  temporalLoss: number;
  temporal: TemporalMood;
  vendors: VendorMood;
}

/** A fair day. */
export function createWeather(): Weather {
  return { databaseLoss: 0, temporalLoss: 0, temporal: 'fine', vendors: 'fine' };
}

/** Draws what becomes of one request. */
export function toFate(world: World, loss: number): Fate {
  if (loss === 0 || !world.chance(loss)) return 'fine';
  return world.pick(['lost', 'answerLost', 'answerLost', 'late']);
}
