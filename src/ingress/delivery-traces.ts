import type { ErrorCode } from '../contracts/errors.ts';
import type { InboxDelivery, InboxOutcome } from '../contracts/inbox.ts';
import { NO_TRACER, toRootSpanId, type AnsweredRequest, type Span, type Tracer } from '../contracts/tracing.ts';
import type { Arrival } from './refuse.ts';

/** Traces of deliveries; told beside the log line, and never waited for. */
export interface DeliveryTraces {
  /** Begins to measure a whole request; `undefined` where nothing is traced. */
  begin(arrival: Arrival, receivedAt: Date): DeliveryTrace | undefined;
  /** Of a delivery that was refused: a trace of its own, by the delivery's UUID. A flood has the first 10 of each second only. */
  refused(arrival: Arrival, facts: RefusedDelivery): void;
}

/** The parts of one request, as it goes through them. */
export interface DeliveryTrace {
  /** The part that has gone on since the last one, or since the beginning, has ended. */
  ended(part: 'verify' | 'interpret'): void;
  /**
   * The commit has ended, and with it the delivery: each new event has a trace whose root this is; in that of one that was there before
   * stands a `duplicate`. Whose commit has taken longer than it may has got a 503 meanwhile.
   */
  committed(delivery: InboxDelivery, outcomes: readonly InboxOutcome[], limits: { readonly commitTimeoutMs: number }): void;
}

/** What is known of a refused delivery. */
export interface RefusedDelivery {
  readonly id: string;
  readonly receivedAt: Date;
  readonly bodyBytes: number;
  readonly httpStatus: number;
  readonly code: ErrorCode;
}

interface Part {
  readonly name: 'verify' | 'interpret' | 'commit';
  readonly startMs: number;
  readonly endMs: number;
}

/** Traces are a loan of the queue: what is unsigned must not push out what is signed. */
const REFUSED_A_SECOND = 10;

/** Makes the traces of one listener's deliveries. */
export function createDeliveryTraces(tracer: Tracer = NO_TRACER): DeliveryTraces {
  let second = 0;
  let refusedInSecond = 0;

  return {
    begin(arrival, receivedAt) {
      if (!tracer.isOn) return undefined;
      const zero = performance.now();
      const nowMs = (): number => receivedAt.getTime() + performance.now() - zero; // milliseconds alone would show most parts as none
      let startMs = nowMs();
      const parts: Part[] = [];
      const end = (name: Part['name']): void => {
        const endMs = nowMs();
        parts.push({ name, startMs, endMs });
        startMs = endMs;
      };
      return {
        ended: end,
        committed(delivery, outcomes, { commitTimeoutMs }) {
          const committingMs = startMs;
          end('commit');
          const late = startMs - committingMs > commitTimeoutMs;
          outcomes.forEach((outcome, at) => {
            if (outcome.outcome !== 'refused') tell({ arrival, delivery, outcome, at, parts, endMs: startMs, late });
          });
        },
      };
    },

    refused({ source, startedAt, url }, { id, receivedAt, bodyBytes, httpStatus, code }) {
      if (!tracer.takes(id) || !hasRoom(receivedAt)) return;
      tracer.record({
        trace: id,
        id: toRootSpanId(id),
        name: `${source.name} refused`,
        kind: 'server',
        startMs: startedAt.getTime(),
        endMs: receivedAt.getTime(),
        fields: { source: source.name, provider: source.provider, delivery_id: id, outcome: 'refused', cause: code },
        http: { ...toRequest({ source, url }), method: code === 'method.notAllowed' ? '_OTHER' : 'POST', status: httpStatus, bodyBytes },
        failure: httpStatus >= 500 ? code : undefined, // a 4xx is no failure of a server
      });
    },
  };

  function hasRoom(at: Date): boolean {
    const now = Math.floor(at.getTime() / 1_000);
    if (now !== second) [second, refusedInSecond] = [now, 0];
    refusedInSecond += 1;
    return refusedInSecond <= REFUSED_A_SECOND;
  }

  function tell(traced: TracedOutcome): void {
    const { outcome, parts } = traced;
    const { eventUuid: trace } = outcome;
    if (!tracer.takes(trace)) return;
    const parent = toRootSpanId(trace);
    tracer.record(toDeliverySpan(traced));
    if (outcome.outcome === 'duplicate') return; // its parts would stand beside those of the first delivery
    for (const part of parts) tracer.record({ ...part, trace, parent, fields: {} });
  }
}

interface TracedOutcome {
  readonly arrival: Arrival;
  readonly delivery: InboxDelivery;
  readonly outcome: InboxOutcome;
  /** Which of the delivery's events. */
  readonly at: number;
  readonly parts: readonly Part[];
  readonly endMs: number;
  readonly late: boolean;
}

function toDeliverySpan({ arrival, delivery, outcome, at, endMs, late }: TracedOutcome): Span {
  const { source, startedAt, headers } = arrival;
  const { eventUuid, eventId, outcome: became } = outcome;
  const event = delivery.events[at];
  const place =
    became === 'duplicate'
      ? { parent: toRootSpanId(eventUuid), name: 'duplicate' }
      : { id: toRootSpanId(eventUuid), name: `${source.name} ${event?.type ?? ''}` };
  return {
    ...place,
    trace: eventUuid,
    kind: 'server',
    startMs: startedAt.getTime(),
    endMs,
    fields: {
      source: source.name,
      provider: source.provider,
      event_id: eventId,
      event_type: event?.type,
      event_uuid: eventUuid,
      delivery_id: delivery.id,
      outcome: became,
      cause: became === 'duplicate' ? undefined : (event?.code ?? undefined),
      count: delivery.events.length > 1 ? delivery.events.length : undefined,
    },
    http: { ...toRequest(arrival), method: 'POST', status: late ? 503 : 200, bodyBytes: delivery.body.byteLength },
    failure: late ? 'inbox.unavailable' : undefined,
    traceparent: headers.one('traceparent'),
  };
}

/** The path is the route's and the source's name: the query may be the sender's secret. */
function toRequest({ source, url }: Pick<Arrival, 'source' | 'url'>): Pick<AnsweredRequest, 'scheme' | 'path' | 'route'> {
  return { scheme: url.startsWith('https:') ? 'https' : 'http', path: `/webhooks/${source.name}`, route: '/webhooks/:source' };
}
