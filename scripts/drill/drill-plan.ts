import type { Drain } from './facts.ts';
import type { EventMaker } from './make-events.ts';
import type { LoadShape, Load } from './start-load.ts';
import type { Random } from './random.ts';
import type { DrillStack, StackPlan } from './start-stack.ts';

/** What a drill works with while it breaks things. */
export interface Disturbance {
  readonly stack: DrillStack;
  readonly load: Pick<Load, 'burst' | 'send'>;
  readonly maker: EventMaker;
  readonly random: Random;
  /** From one fault to the next, where it was given; else the drill’s own pauses. */
  readonly everyMs: number | undefined;
  /** How many events it is about, where it was given and the drill counts them. */
  readonly events: number | undefined;
  /** Writes down that something was broken, and shows it. */
  note(what: string): void;
  /** Waits this long, or until the drill's time is up. */
  wait(ms: number): Promise<void>;
  /** True once the drill's time is up. */
  isOver(): boolean;
  /** Waits for something for as long as it takes, and at most so long, whether or not the drill's time is up; false where it has not come. */
  until(isTrue: () => Promise<boolean>, withinMs: number): Promise<boolean>;
  /** Keeps what is to be judged of events that have waited together. */
  keepDrain(drain: Drain): void;
}

/** A drill: how it is sent to, and what it breaks. */
export interface DrillPlan extends StackPlan {
  /** One line for the list of drills. */
  readonly means: string;
  readonly load?: Partial<LoadShape>;
  /** Whether a run without a fault proves nothing. @default true */
  readonly wantsFaults?: boolean;
  /** How often memory and file descriptors of our processes are looked at, in milliseconds. @default never */
  readonly watchEveryMs?: number;
  /** Breaks things until its time is up; whatever is broken then is healed by the caller. */
  disturb(disturbance: Disturbance): Promise<void>;
}
