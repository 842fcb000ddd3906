import type { Log } from '../../src/contracts/names.ts';
import type { Bars } from './draw-bars.ts';
import type { ChainSystem } from './chain-system.ts';
import type { System, Tools } from './system.ts';
import type { Table } from './table.ts';

/** How much is measured. */
export interface Pace {
  /** How often each system is started and measured. */
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
  /** Leaves out what a first look does not need. */
  readonly quick: boolean;
}

/** What a part is given. */
export interface Bench {
  readonly systems: readonly System[];
  readonly chainSystems: readonly ChainSystem[];
  readonly tools: Tools;
  readonly pace: Pace;
  /** Arrivals a second, for latency. @default a tenth of what Hookline takes */
  readonly ratePerS: number | undefined;
  readonly bodyBytes: number;
  readonly folder: string;
  readonly random: () => number;
  readonly log: Log;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** One number of each round, by a name that stays: `ack.hookline.128.perSecond`. */
export interface Measure {
  readonly name: string;
  readonly values: readonly (number | undefined)[];
}

/** A figure that must not get worse: see `--check`. */
export interface Guard {
  readonly name: string;
  readonly values: readonly (number | undefined)[];
  readonly better: 'higher' | 'lower';
}

/** What a part found out. */
export interface PartResult {
  readonly tables: readonly Table[];
  readonly pictures: readonly Bars[];
  readonly measures: readonly Measure[];
  readonly guards: readonly Guard[];
  /** Whatever makes the numbers worthless: an answer that was not 2xx, an acknowledgement that is not stored. */
  readonly problems: readonly string[];
}

/** A part of the benchmark: one file of `bench/parts`. */
export interface Part {
  readonly name: string;
  readonly means: string;
  /** Takes too long for a first look: `--quick` leaves it out unless `--only` names it. @default false */
  readonly long?: boolean;
  run(bench: Bench): Promise<PartResult>;
}
