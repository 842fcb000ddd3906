import { emptyResource } from '@opentelemetry/resources';
import { describe, expect, it } from 'vitest';
import type { Span } from '../../../src/contracts/tracing.ts';
import { toReadableSpan } from '../../../src/runtime/tracing/to-readable-span.ts';

const origin = { resource: emptyResource(), newSpanId: () => '1111111111111111' };
const SPAN: Span = {
  trace: '01a20c4b-9122-7c39-8f00-5b1d2e3f4a5b',
  name: 'shop order.created',
  startMs: Date.UTC(2026, 10, 24) + 0.25,
  endMs: Date.UTC(2026, 10, 24) + 999.9996,
  fields: {},
};
const read = (span: Partial<Span>) => toReadableSpan({ ...SPAN, ...span }, origin);

describe('toReadableSpan', () => {
  it('has the digits of the UUID as its trace, and ids that were given or are new', () => {
    expect(read({}).spanContext()).toEqual({ traceId: '01a20c4b91227c398f005b1d2e3f4a5b', spanId: '1111111111111111', traceFlags: 1 });
    expect(read({ id: '2222222222222222' }).spanContext().spanId).toBe('2222222222222222');
    expect(read({}).parentSpanContext).toBeUndefined();
    expect(read({ parent: '3333333333333333' }).parentSpanContext).toMatchObject({ spanId: '3333333333333333', isRemote: false });
  });

  it('keeps fractions of milliseconds, and ends no second too late', () => {
    const seconds = Date.UTC(2026, 10, 24) / 1_000;
    expect([read({}).startTime, read({}).endTime, read({}).duration]).toEqual([
      [seconds, 250_000],
      [seconds + 1, 0],
      [0, 999_750_000],
    ]);
    expect(read({ endMs: 0 })).toMatchObject({ endTime: [seconds, 250_000], duration: [0, 0] });
  });

  it('names our fields as ours and those of HTTP as everybody does', () => {
    const { attributes } = read({
      fields: { source: 'shop', attempt: 2, dry: true, code: undefined },
      http: { method: 'POST', scheme: 'https', path: '/webhooks/shop', route: '/webhooks/:source', status: 503, bodyBytes: 12 },
      failure: 'inbox.unavailable',
    });
    expect(attributes).toEqual({
      'hookline.source': 'shop',
      'hookline.attempt': 2,
      'hookline.dry': true,
      'http.request.method': 'POST',
      'http.route': '/webhooks/:source',
      'http.response.status_code': 503,
      'http.request.body.size': 12,
      'url.path': '/webhooks/shop',
      'url.scheme': 'https',
      'error.type': 'inbox.unavailable',
    });
  });

  it.each([
    [undefined, 0],
    ['mail.refused', 2],
  ])('with the failure %s has the status %d', (failure, code) => {
    expect(read({ failure }).status).toEqual({ code });
  });

  it('has the sender’s span as a link, and nothing of a header that is none', () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const { links } = read({ traceparent: `00-${trace}-00f067aa0ba902b7-01` });
    expect(links).toMatchObject([{ context: { traceId: trace, spanId: '00f067aa0ba902b7' } }]);
    expect([read({ traceparent: 'anna@example.com' }).links, read({}).links]).toEqual([[], []]);
  });

  it('cuts what senders can make long', () => {
    const span = read({ name: `${'x'.repeat(511)}\u{1f600}`, fields: { event_type: 'y'.repeat(9_999) } });
    expect([span.name.length, span.name.at(-1), span.attributes['hookline.event_type']]).toEqual([512, '\u{fffd}', 'y'.repeat(512)]);
  });
});
