import type { Quantiles } from './samples.ts';

/** What the generator is to do; it goes to its process as JSON. */
export interface LoadPlan {
  readonly url: string;
  readonly secret: string;
  readonly bodyBytes: number;
  readonly shape:
    | { readonly kind: 'closed'; readonly connections: number }
    /** Arrivals at a fixed rate, over as many of these connections as it takes. */
    | { readonly kind: 'open'; readonly perSecond: number; readonly connections: number };
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** What came of it. */
export interface LoadResult {
  /** Answered 2xx in the measured window. */
  readonly acked: number;
  /** Answered 2xx at all, warm-up and tail included. */
  readonly ackedInAll: number;
  /** Every other answer, by status; 0 stands for none. */
  readonly others: Readonly<Record<string, number>>;
  /** Length of the window. */
  readonly windowMs: number;
  /** From the intended start to the whole answer. */
  readonly latencyMs: Quantiles;
  /** How late the generator itself sent, at a fixed rate. */
  readonly lagMs: Quantiles;
  /** Requests that had no answer when the window had ended and ten seconds had passed. */
  readonly unanswered: number;
  /** Time on the processor of the generator's process, by the length of the window. */
  readonly cpuShare: number;
  /** Connections opened. */
  readonly opened: number;
}

/** A line that the generator writes: when the window begins, and at its end. */
export type LoadLine = { readonly kind: 'begun' } | { readonly kind: 'ended' } | { readonly kind: 'result'; readonly result: LoadResult };
