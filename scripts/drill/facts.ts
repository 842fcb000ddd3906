/** Who performs effects for us: four fake vendors, and two tables of our own that count as vendors to the checker. */
export type VendorName = 'mail' | 'warehouse' | 'crm' | 'team' | 'analytics' | 'stock';

/** An effect that an event calls for. */
export interface ExpectedEffect {
  readonly vendor: Exclude<VendorName, 'crm'>;
  /** What it is about, as the vendor sees it: an address, an order's id. */
  readonly about: string;
}

/** An event as its sender means it. */
export interface SentEvent {
  /** As the sender writes it; at most one event of ours may come of it. */
  readonly id: string;
  readonly type: string;
  /** The one chain that it calls for. */
  readonly chain: string;
  /** What it says of which entity, at which version; of two events of one entity the greater version is the newer. */
  readonly entity: {
    readonly type: string;
    readonly id: string;
    readonly version: string;
    readonly says: Readonly<Record<string, unknown>>;
  };
  /** Several events may share one: an escalation is told once, whichever event of its ticket is followed first. */
  readonly expects: readonly ExpectedEffect[];
  /** True of what was sent after the last fault. */
  readonly tail: boolean;
}

/** What a sender was told of one try. */
export interface Answer {
  readonly eventId: string;
  /** `null` where no answer came. */
  readonly status: number | null;
  /** `accepted`, `duplicate` …; the error's code where no answer came. */
  readonly told: string;
  /** When it was posted, by the drill's clock: milliseconds since 1970, as all `…Ms` of facts that are no length. */
  readonly atMs: number;
  readonly tookMs: number;
  /** Of the ingress that it was posted to. */
  readonly port: number;
}

/** A row of `events`. */
export interface StoredEvent {
  readonly uuid: string;
  /** The sender's id. */
  readonly id: string;
  readonly state: string;
  readonly code: string | null;
}

/** A row of `runs`. */
export interface StoredRun {
  readonly eventUuid: string;
  readonly chain: string;
  readonly state: string;
  readonly attempt: number;
  readonly code: string | null;
  readonly workflowId: string;
  /** Of the newest attempt; by PostgreSQL's clock, which is the drill's. */
  readonly startedAtMs: number | null;
  readonly closedAtMs: number | null;
}

/** A row of the ledger. */
export interface StoredEffect {
  readonly eventUuid: string;
  readonly action: string;
  readonly round: number;
  readonly state: string;
  /** The key that the outside sees. */
  readonly outsideKey: string;
}

/** One thing that a vendor was asked to do. */
export interface VendorEntry {
  readonly vendor: VendorName;
  /** The idempotency key: `Message-ID`, `webhook-id`, `Idempotency-Key`; the empty text where the vendor has none. */
  readonly key: string;
  readonly about: string;
  readonly bodySha256: string;
  /** Of the state that was written, where it has one. */
  readonly version: string | null;
  /** Whether the vendor has done it; without, it has refused, and must have changed nothing. */
  readonly performed: boolean;
  /** What it answered, or how it did not. */
  readonly answer: string;
  /** When it came, by the drill's clock; null of rows in tables of our own. */
  readonly atMs: number | null;
}

/** A row of `entities`. */
export interface StoredEntity {
  readonly type: string;
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What a process took at one moment. */
export interface ProcessSample {
  readonly process: string;
  /** Since the drill began, in seconds. */
  readonly atS: number;
  /** Resident memory. */
  readonly rssMb: number;
  /** Open file descriptors. */
  readonly fds: number;
}

/** Something that the drill has broken. */
export interface InjectedFault {
  readonly what: string;
  /** Since the drill began, in seconds. */
  readonly atS: number;
}

/** A time in which something was not there. */
export interface Outage {
  readonly what: 'ingress' | 'worker' | 'temporal' | 'postgres';
  /** `worker-1`; of servers the same as `what`. */
  readonly name: string;
  /** Killed at once, asked to end, or stopped in its tracks. */
  readonly how: 'kill' | 'stop' | 'pause';
  /** When that was done to it. */
  readonly fromMs: number;
  /** When it was gone. */
  readonly goneMs: number | null;
  /** When the drill let it come back; null where it has not until it healed everything. */
  readonly untilMs: number | null;
  /** When it could be used again. */
  readonly readyMs: number | null;
  /** The ingress's own, which is where its senders were; of all else null. */
  readonly port: number | null;
}

/** Events that waited for Temporal together, and what stood in their way. */
export interface Drain {
  /** When Temporal was gone, and when it was let come back. */
  readonly awayMs: number;
  readonly backMs: number;
  /** Ids of all that waited, in no order. */
  readonly eventIds: readonly string[];
  /** Those whose start can never be taken, and what their runs had come to when all else was done. */
  readonly poisoned: readonly StuckEvent[];
  /** Those whose chain could not end all the while. */
  readonly failing: readonly StuckEvent[];
}

/** An event that stood in the way, and the state of its run with its code, if it had one. */
export interface StuckEvent {
  readonly eventId: string;
  readonly state: string;
}

/** Everything that is known after a drill: plain data, so that it can be kept, read again, and changed to test the checker. */
export interface Facts {
  readonly faults: readonly InjectedFault[];
  /** What was away, and for how long, by beginning. */
  readonly outages: readonly Outage[];
  /** Of the drill that has thousands wait for Temporal; of others null. */
  readonly drain: Drain | null;
  /** Whether a drill without a fault would prove nothing. */
  readonly wantsFaults: boolean;
  readonly sent: readonly SentEvent[];
  readonly answers: readonly Answer[];
  readonly events: readonly StoredEvent[];
  /** In order of receipt. */
  readonly runs: readonly StoredRun[];
  /** Workflow ids that Temporal still has open when all is over. */
  readonly openInTemporal: readonly string[];
  readonly effects: readonly StoredEffect[];
  readonly entities: readonly StoredEntity[];
  /** In the order in which each vendor has done them. */
  readonly vendors: readonly VendorEntry[];
  /** Pieces of the one kind of goods: at the start, free now, and held by orders now. */
  readonly stock: { readonly initial: number; readonly available: number; readonly held: number };
  /** Switches that are set, such as `pause chain new-order`. */
  readonly switches: readonly string[];
  /** Of drills that watch their processes; of others none. */
  readonly samples: readonly ProcessSample[];
  /** Processes that ended and nobody had asked them to. */
  readonly died: readonly string[];
}
