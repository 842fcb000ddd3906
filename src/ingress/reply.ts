import { errorTable } from '../contracts/error-table.ts';
import type { ErrorCode, ErrorEntry } from '../contracts/errors.ts';
import type { InboxOutcome } from '../contracts/inbox.ts';

/** What goes back to the sender. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

const JSON_HEADERS = Object.freeze({ 'content-type': 'application/json; charset=utf-8' });

/** The one answer to every signature that is missing, doubled, wrong or stale: the reason stands in our records only. */
const UNVERIFIED: Answer = Object.freeze({ status: 401, headers: JSON_HEADERS, body: '{"error":"signature"}' });

/** The one answer to a path that leads to no source: no body, and nothing of the request in it. */
const NOT_FOUND: Answer = Object.freeze({ status: 404, headers: Object.freeze({}), body: null });

const WORST_FIRST = ['quarantined', 'held', 'ignored', 'duplicate', 'accepted'] as const;

/**
 * The answer to a delivery that is committed: 200 with its event's status and id; of several events the worst status, and each
 * one's own below `events`. `repairing` and `stopped` stand there only when true.
 */
export function toCommittedAnswer(outcomes: readonly InboxOutcome[]): Answer {
  const events = outcomes.map(toEvent);
  const [only] = events;
  if (events.length === 1 && only !== undefined) return { status: 200, headers: JSON_HEADERS, body: JSON.stringify(only) };
  return { status: 200, headers: JSON_HEADERS, body: JSON.stringify({ status: worstOutcome(outcomes), events }) };
}

/** The outcome of several that an operator should hear of first; `accepted` of none. */
export function worstOutcome(outcomes: readonly InboxOutcome[]): InboxOutcome['outcome'] {
  return WORST_FIRST.find((status) => outcomes.some(({ outcome }) => outcome === status)) ?? 'accepted';
}

/**
 * The answer to a refusal: the status of its code, and code, meaning and fix as JSON. All 401 are equal byte for byte, 404 has
 * no body, 405 names POST, 429 and 503 say when to come again. `detail` goes out only to senders that are verified.
 */
export function toRefusedAnswer(
  code: ErrorCode,
  { detail, retryAfterSeconds }: { readonly detail?: string | undefined; readonly retryAfterSeconds: number },
): Answer {
  const { means, fix }: ErrorEntry = errorTable[code];
  const status = statusOf(code);
  if (status === 401) return UNVERIFIED;
  if (status === 404) return NOT_FOUND;
  const body = JSON.stringify({ error: code, message: means, ...(detail === undefined ? {} : { detail }), fix });
  return { status, headers: { ...JSON_HEADERS, ...extraHeaders(status, retryAfterSeconds) }, body };
}

/** The same answer, with another time to come again. */
export function withRetryAfter(answer: Answer, seconds: number): Answer {
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds) } };
}

/** The HTTP status of a code; 503 where the table gives none, since such a code is no fault of the sender. */
export function statusOf(code: ErrorCode): number {
  const { status }: ErrorEntry = errorTable[code];
  return status ?? 503;
}

function toEvent({ outcome, eventId, repairing, stopped }: InboxOutcome): Record<string, string | boolean> {
  return { status: outcome, eventId, ...(repairing ? { repairing } : {}), ...(stopped ? { stopped } : {}) };
}

function extraHeaders(status: number, retryAfterSeconds: number): Record<string, string> {
  if (status === 405) return { allow: 'POST' };
  return status === 429 || status === 503 ? { 'retry-after': String(retryAfterSeconds) } : {};
}
