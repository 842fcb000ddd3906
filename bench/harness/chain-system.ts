import type { RunningSystem, System } from './system.ts';
import type { World } from './world.ts';

/** What the three actions of a chain are: all in the system's own database, or the first one there and two at a vendor. */
export type ChainShape = 'inside' | 'mixed';

/** What a chain has to do. */
export interface ChainWork {
  readonly shape: ChainShape;
  /** Where the outside actions are posted. */
  readonly vendorUrl: string;
}

/** Something that carries out a chain for each webhook: one file of `bench/chains`. */
export interface ChainSystem extends Omit<System<RunningChains>, 'ack' | 'start' | 'stores'> {
  /** Its runs do nothing: it is measured once, whatever the shape. */
  readonly empty?: boolean;
  start(world: World, work: ChainWork): Promise<RunningChains>;
}

/** A system that carries out chains. */
export interface RunningChains extends RunningSystem {
  finished(): Promise<Finished>;
  /** Temporal's address, where its histories are to be counted. */
  readonly temporal?: string;
}

/** The chains of which the last action is done. */
export interface Finished {
  readonly count: number;
  /** When the latest one was, by the wall clock; NaN where that is not known. */
  readonly lastMs: number;
}
