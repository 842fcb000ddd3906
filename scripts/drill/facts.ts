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
  readonly tookMs: number;
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

/** Everything that is known after a drill: plain data, so that it can be kept, read again, and changed to test the checker. */
export interface Facts {
  readonly faults: readonly InjectedFault[];
  /** Whether a drill without a fault would prove nothing. */
  readonly wantsFaults: boolean;
  readonly sent: readonly SentEvent[];
  readonly answers: readonly Answer[];
  readonly events: readonly StoredEvent[];
  readonly runs: readonly StoredRun[];
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
