/** What the attacked process is told when it starts. */
export interface EdgeOptions {
  /** A migrated database; without one an inbox in memory takes everything. */
  readonly databaseUrl?: string | undefined;
  /** @default the ingress's own */
  readonly connections?: number | undefined;
  /** Milliseconds for a head, and for head and body. @default the ingress's own */
  readonly timeoutMs?: number | undefined;
  /** A guard that is taken out, so that the run must fail: signatures are not judged, or lists of addresses not asked. @default none */
  readonly mutant?: 'unverified' | 'unlisted' | undefined;
}

/** What it has seen since the last report. */
export interface EdgeReport {
  /** Of each delivery that reached the inbox, the keys of what may have been signed. */
  readonly taken: readonly (readonly string[])[];
  /** Causes of answers for a fault of ours, and what else was logged as an error. */
  readonly errors: readonly string[];
  /** The longest that the event loop stood still for work of its own. */
  readonly worstDelayMs: number;
  readonly rssMb: number;
  readonly openConnections: number;
  /** Whether a payload has reached the prototype of all objects. */
  readonly polluted: boolean;
}

/** Messages to the attacked process. */
export type ToEdge = { readonly kind: 'start'; readonly options: EdgeOptions } | { readonly kind: 'report' } | { readonly kind: 'stop' };

/** Messages from it. */
export type FromEdge = { readonly kind: 'ready'; readonly port: number } | { readonly kind: 'report'; readonly report: EdgeReport };
