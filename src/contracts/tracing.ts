import { sha256 } from './ids.ts';
import type { LogField } from './names.ts';

/** Fields of a log line that a span may have too, where they are called `hookline.<field>`: names, ids and codes, never texts. */
export type SpanField = Extract<
  LogField,
  | 'action'
  | 'agent'
  | 'attempt'
  | 'cause'
  | 'chain'
  | 'code'
  | 'count'
  | 'delivery_id'
  | 'dry'
  | 'effect_key'
  | 'event_id'
  | 'event_type'
  | 'event_uuid'
  | 'outcome'
  | 'provider'
  | 'run_id'
  | 'source'
  | 'step_attempt'
  | 'workflow_id'
>;

/** What a span says of an HTTP request. */
export interface AnsweredRequest {
  /** `POST`, or `_OTHER`. */
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Without its query. */
  readonly path: string;
  /** The pattern that the path has met. */
  readonly route: string;
  readonly status: number;
  readonly bodyBytes: number;
}

/** A span that has ended; spans are told whole, so that nothing of them has to be kept between two processes. */
export interface Span {
  /** UUID of the event, or of the delivery that was refused: without its dashes it is the trace's id. */
  readonly trace: string;
  /** 16 hex digits. @default random ones */
  readonly id?: string | undefined;
  /** The id of the span above it. @default none: it is the root */
  readonly parent?: string | undefined;
  readonly name: string;
  /** `server`: answers a request; `producer`: hands on what is worked off later; `consumer`: works it off. @default 'internal' */
  readonly kind?: 'internal' | 'server' | 'producer' | 'consumer';
  /** Milliseconds since 1970, with fractions. */
  readonly startMs: number;
  /** Milliseconds since 1970, with fractions. */
  readonly endMs: number;
  readonly fields: { readonly [field in SpanField]?: string | number | boolean | undefined };
  /** The request that it has answered. */
  readonly http?: AnsweredRequest | undefined;
  /** Code of the errors table; marks the span as failed. */
  readonly failure?: string | undefined;
  /** The sender's own header `traceparent`, as it came: it becomes a link if it is well-formed, and never a parent. */
  readonly traceparent?: string | undefined;
}

/** What the rooms trace with. Costs microseconds, never waits, never throws. */
export interface Tracer {
  /** False where it takes nothing at all: nobody need measure anything then. */
  readonly isOn: boolean;
  /** Whether spans of a trace go anywhere, by its UUID. Every process gives the same answer for the same one. */
  takes(trace: string): boolean;
  /** Takes a span; one of a trace that is not taken is dropped. */
  record(span: Span): void;
}

/** A tracer that takes nothing, for whoever is given none. */
export const NO_TRACER: Tracer = Object.freeze({ isOn: false, takes: () => false, record: () => {} });

/** One attempt of a run. */
export interface TracedRun {
  readonly eventUuid: string;
  readonly chain: string;
  readonly attempt: number;
}

/** The id of a trace's root span: every process can name the parent of its spans without having been told it. */
export function toRootSpanId(trace: string): string {
  return toSpanId(['root', trace]);
}

/** The id of the span in which an attempt of a run was started. */
export function toStartSpanId({ eventUuid, chain, attempt }: TracedRun): string {
  return toSpanId(['start', eventUuid, chain, attempt]);
}

/** The id of the span of a run's attempt, below which its actions stand. */
export function toRunSpanId({ eventUuid, chain, attempt }: TracedRun): string {
  return toSpanId(['run', eventUuid, chain, attempt]);
}

/** The span of a run's attempt, which is told when the run has ended, however long it took. */
export function toRunSpan(
  run: TracedRun & {
    readonly workflowId: string;
    readonly runId: string;
    readonly startMs: number;
    readonly endMs: number;
    readonly outcome: { readonly state: 'done' | 'failed' | 'stopped'; readonly code: string | null };
  },
): Span {
  const { eventUuid, chain, attempt, workflowId, runId, startMs, endMs, outcome } = run;
  const code = outcome.code ?? undefined;
  return {
    trace: eventUuid,
    id: toRunSpanId(run),
    parent: toStartSpanId(run),
    name: `run ${chain}`,
    kind: 'consumer',
    startMs: Math.min(startMs, endMs),
    endMs,
    fields: { event_uuid: eventUuid, chain, attempt, workflow_id: workflowId, run_id: runId, outcome: outcome.state, code },
    failure: outcome.state === 'failed' ? (code ?? 'bug.unexpected') : undefined,
  };
}

/** A span's id must not be all zeros, which a hash is as seldom as two hashes are equal. */
function toSpanId(parts: readonly (string | number)[]): string {
  return sha256(parts.join('|')).toString('hex', 0, 8);
}
