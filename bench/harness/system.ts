import type { World } from './world.ts';

/** What must be on the machine beside npm's packages. */
export type Need = 'redis' | 'python' | 'temporal';

/** What a 2xx promises. */
export type Ack = 'nothing' | 'on disk' | 'on disk within 1 s';

/** Something that takes webhooks: one file of `bench/systems`. */
export interface System<Running extends RunningSystem = RunningSystem> {
  readonly name: string;
  /** What it is, in a phrase. */
  readonly means: string;
  /** What its 2xx promises, as it is configured here. */
  readonly ack: Ack;
  /** @default nothing */
  readonly needs?: readonly Need[];
  /** Where its deliveries are kept. @default elsewhere, or nowhere */
  readonly stores?: 'postgres';
  /** Versions of whatever is its own. */
  versions(tools: Tools): readonly string[];
  /** Starts it whole and resolves once it takes webhooks; what the world has started, the world ends. */
  start(world: World): Promise<Running>;
}

/** A system that takes webhooks. */
export interface RunningSystem {
  /** Where signed pushes of GitHub are posted, with the world's secret. */
  readonly url: string;
  /** How many deliveries it has stored: compared with how many it acknowledged. @default it stores none */
  stored?(): Promise<number>;
  /** Bytes of its database, where that is the embedded PostgreSQL. */
  size?(): Promise<number>;
}

/** What was found on the machine. */
export interface Tools {
  readonly redis: Tool | undefined;
  readonly python: Tool | undefined;
  readonly temporal: Tool | undefined;
}

/** A program, and its version. */
export interface Tool {
  readonly command: string;
  /** Before all others. */
  readonly args: readonly string[];
  readonly version: string;
}
