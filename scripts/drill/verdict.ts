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
  readonly ackMs: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly growth: readonly ProcessGrowth[];
  readonly violations: readonly Violation[];
  readonly unknownMails: readonly UnknownMail[];
  readonly explained: readonly Explained[];
}
