import type { Spread } from './measure/percentiles.ts';

/** What the checker demands; each has a test that breaks it. */
export const RULES = [
  'drill.vacuous',
  'answer.refused',
  'answer.failed',
  'event.unacknowledged',
  'event.lost',
  'event.doubled',
  'event.stranger',
  'event.notRouted',
  'run.missing',
  'run.stranger',
  'run.waiting',
  'run.unexplained',
  'run.orphan',
  'effect.missing',
  'effect.doubled',
  'effect.changed',
  'effect.stranger',
  'effect.open',
  'effect.phantom',
  'entity.stale',
  'crm.stale',
  'stock.drift',
  'tail.failed',
  'recovery.slow',
  'drain.slow',
  'drain.disorder',
  'drain.blocked',
  'stop.slow',
  'stop.reset',
  'process.died',
  'process.grows',
] as const;

/** One of them. */
export type Rule = (typeof RULES)[number];

/** One thing that is not as promised. */
export interface Violation {
  readonly rule: Rule;
  /** An event's id, a vendor and what the effect is about, an entity. */
  readonly about: string;
  readonly detail: string;
}

/** Something that is not done, and why that is right. */
export interface Explained {
  readonly eventId: string;
  readonly state: string;
  /** A code of the errors table, or the switch. */
  readonly reason: string;
}

/** A mail of which nobody knows whether it went out, and how often its server has taken it: at most once. */
export interface UnknownMail {
  readonly eventId: string;
  readonly action: string;
  readonly to: readonly string[];
  readonly taken: number;
}

/** How a process that was watched has grown after its warm-up. */
export interface ProcessGrowth {
  readonly process: string;
  readonly samples: number;
  readonly rssMb: { readonly first: number; readonly last: number; readonly max: number };
  /** By least squares. */
  readonly mbPerMinute: number;
  /** The most open file descriptors in the second quarter and in the last one. */
  readonly fds: { readonly early: number; readonly late: number };
}

/** How long it took after outages of one kind until effects of new events flowed again, in milliseconds. */
export interface RecoveryFigures {
  /** `worker kill`, `temporal kill` … */
  readonly kind: string;
  /** From the outage on. */
  readonly ms: Spread;
  /** Without the time for which the drill kept away what was needed. */
  readonly ownMs: Spread;
  /** The longest part of that in which nothing flowed, so without the time in which older events went ahead: this is what is judged. */
  readonly stillMs: Spread;
}

/** How thousands of events that had waited for Temporal were worked off once it was let come back. */
export interface DrainFigures {
  readonly waited: number;
  /** How many were started of those that can be, and until when. */
  readonly started: number;
  readonly startedInMs: number;
  /** How many of them were done, and until when. */
  readonly done: number;
  readonly doneInMs: number;
  /** The longest time in which nothing was started, though something waited. */
  readonly longestGapMs: number;
  /** The most places that one was started behind its place in the order of receipt. */
  readonly mostOvertaken: number;
  /** What those had come to that stood in the way: `run.idTaken`, `started`. */
  readonly poisoned: readonly string[];
  readonly failing: readonly string[];
}

/** What the checker has found. */
export interface Verdict {
  readonly ok: boolean;
  readonly counts: {
    readonly faults: number;
    readonly sent: number;
    readonly acknowledged: number;
    readonly tries: number;
    readonly duplicates: number;
    /** By the state of the run. */
    readonly runs: Readonly<Record<string, number>>;
    /** What each vendor has done. */
    readonly effects: Readonly<Record<string, number>>;
    /** Times a vendor was asked again under a key that it had done before. */
    readonly repeats: number;
  };
  /** From post to acknowledgement, of answers of 2xx. */
  readonly ackMs: Spread;
  /** The same of what was posted while Temporal was dead. */
  readonly ackMsWithoutTemporal: Spread;
  /** Rounds of SIGKILL (of PostgreSQL: an immediate stop) that were whole: killed, started, ready. */
  readonly kills: Readonly<Record<string, number>>;
  readonly recovery: readonly RecoveryFigures[];
  /** From SIGTERM to the end of a process, by its kind, in milliseconds. */
  readonly stops: Readonly<Record<string, Spread>>;
  /** Posts that were under way at an ingress while it ended, and got no answer. */
  readonly resets: number;
  readonly drain: DrainFigures | null;
  readonly growth: readonly ProcessGrowth[];
  readonly violations: readonly Violation[];
  readonly unknownMails: readonly UnknownMail[];
  readonly explained: readonly Explained[];
}
