import { SpanKind, SpanStatusCode, TraceFlags, type Attributes, type HrTime, type Link } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { AnsweredRequest, Span } from '../../contracts/tracing.ts';
import { toSenderContext } from './to-sender-context.ts';

/** What every span of a process has beside its own. */
export interface SpanOrigin {
  readonly resource: Resource;
  /** 16 hex digits that no other span has. */
  readonly newSpanId: () => string;
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

/** Longer names and values are cut: some are chosen by senders. */
const LONGEST = 512;

/**
 * Makes a span of OpenTelemetry's of one of ours. It is made whole, not begun and ended: our ids are derived, our times may lie days apart
 * and in two processes, and nothing may depend on which span is open.
 */
export function toReadableSpan(span: Span, { resource, newSpanId }: SpanOrigin): ReadableSpan {
  const traceId = span.trace.replaceAll('-', '');
  const context = { traceId, spanId: span.id ?? newSpanId(), traceFlags: TraceFlags.SAMPLED };
  const isRemote = span.kind !== undefined && span.kind !== 'internal'; // what answers, hands on or works off may be another process than its parent's
  const attributes = toAttributes(span);
  const links = toLinks(span);
  const [startTime, endTime] = [toHrTime(span.startMs), toHrTime(Math.max(span.startMs, span.endMs))];
  return {
    name: cut(span.name),
    kind: KINDS[span.kind ?? 'internal'],
    spanContext: () => context,
    ...(span.parent === undefined ? {} : { parentSpanContext: { ...context, spanId: span.parent, isRemote } }),
    startTime,
    endTime,
    duration: toHrTime(Math.max(0, span.endMs - span.startMs)),
    status: { code: span.failure === undefined ? SpanStatusCode.UNSET : SpanStatusCode.ERROR },
    attributes,
    links,
    events: [],
    ended: true,
    resource,
    instrumentationScope: { name: 'hookline' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

function toAttributes({ fields, http, failure }: Span): Attributes {
  const attributes: Attributes = {};
  for (const [field, value] of Object.entries(fields))
    if (value !== undefined) attributes[`hookline.${field}`] = typeof value === 'string' ? cut(value) : value;
  if (http !== undefined) Object.assign(attributes, toHttpAttributes(http));
  if (failure !== undefined) attributes['error.type'] = failure;
  return attributes;
}

/** Semantic conventions for HTTP server spans, 1.23 and later. */
function toHttpAttributes({ method, scheme, path, route, status, bodyBytes }: AnsweredRequest): Attributes {
  return {
    'http.request.method': method,
    'http.route': route,
    'http.response.status_code': status,
    'http.request.body.size': bodyBytes,
    'url.path': path,
    'url.scheme': scheme,
  };
}

function toLinks({ traceparent }: Span): Link[] {
  const context = traceparent === undefined ? undefined : toSenderContext(traceparent);
  return context === undefined ? [] : [{ context }];
}

function toHrTime(ms: number): HrTime {
  const micros = Math.round(ms * 1_000);
  const seconds = Math.floor(micros / 1_000_000);
  return [seconds, (micros - seconds * 1_000_000) * 1_000];
}

function cut(text: string): string {
  return Buffer.from(text.slice(0, LONGEST)).toString(); // a pair that is cut in two becomes U+FFFD
}
