import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { toRootSpanId, type Span, type Tracer } from '../../src/contracts/tracing.ts';
import { postRaw } from '../support/raw-http.ts';
import { createLatch, sign, startIngress, takeAsItIs, toOutcome, type TestIngress } from './ingress-fixture.ts';

const BODY = '{"customer":"anna@example.com"}';
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const spans: Span[] = [];
const tracer: Tracer = { isOn: true, takes: () => true, record: (span) => void spans.push(span) };
let test: TestIngress;
afterEach(async () => {
  spans.length = 0;
  await test.ingress.close();
});

const start = async (given: Parameters<typeof startIngress>[0] = {}): Promise<void> => {
  test = await startIngress({ tracer, ...given });
};
const post = (headers = [sign(BODY)], facts: object = {}) =>
  postRaw(test.port, { path: '/webhooks/shop?key=of-the-query', headers, body: BODY, ...facts });
const named = (name: string): readonly Span[] => spans.filter((span) => span.name === name);

describe('the trace of a delivery', () => {
  it('has the event’s UUID, a root from receipt to commit, and its parts below, one after the other', async () => {
    await start();
    await post([sign(BODY), ['traceparent', TRACEPARENT]]);
    const trace = test.recorded.deliveries[0]?.events[0]?.uuid ?? '';
    const [root, verify, interpret, commit] = spans;
    expect(spans.map(({ name }) => name)).toEqual(['shop hookline:test', 'verify', 'interpret', 'commit']);
    expect(root).toMatchObject({
      trace,
      id: toRootSpanId(trace),
      kind: 'server',
      fields: { source: 'shop', provider: 'hookline', event_id: 'evt_1', event_uuid: trace, outcome: 'accepted' },
      http: { method: 'POST', scheme: 'http', path: '/webhooks/shop', route: '/webhooks/:source', status: 200, bodyBytes: BODY.length },
      traceparent: TRACEPARENT,
    });
    expect(root?.parent).toBeUndefined();
    for (const part of [verify, interpret, commit]) expect(part).toMatchObject({ trace, parent: root?.id });
    expect([verify?.endMs, interpret?.endMs, commit?.endMs]).toEqual([interpret?.startMs, commit?.startMs, root?.endMs]);
  });

  it('is another one for each event of a delivery', async () => {
    await start({
      interpret: (request, source) => {
        const one = takeAsItIs(request, source);
        return one.ok ? { ok: true, events: [...one.events, ...one.events.map((event) => ({ ...event, eventId: 'evt_2' }))] } : one;
      },
    });
    await post();
    const roots = named('shop hookline:test');
    expect(roots.map(({ fields }) => [fields.event_id, fields.count])).toEqual([
      ['evt_1', 2],
      ['evt_2', 2],
    ]);
    expect(new Set(spans.map(({ trace }) => trace)).size).toBe(2);
    expect(spans).toHaveLength(8);
  });

  it('of an event that was there before has one span more, `duplicate`', async () => {
    const known = randomUUID();
    await start({
      inbox: { add: async ({ events }) => events.map(({ eventId }) => toOutcome(eventId, known, { outcome: 'duplicate' })) },
    });
    await post([sign(BODY), ['traceparent', TRACEPARENT]]);
    expect(spans).toMatchObject([
      { trace: known, parent: toRootSpanId(known), name: 'duplicate', fields: { outcome: 'duplicate' }, traceparent: TRACEPARENT },
    ]);
    expect(spans[0]?.id).toBeUndefined();
  });

  it('says so where the commit came after its sender had given up', async () => {
    const latch = createLatch();
    const uuid = randomUUID();
    await start({
      limits: { commitTimeoutMs: 30 },
      inbox: { add: async ({ events }) => latch.opened.then(() => events.map(({ eventId }) => toOutcome(eventId, uuid))) },
    });
    expect((await post()).status).toBe(503);
    latch.open();
    await expect.poll(() => named('shop hookline:test')).toHaveLength(1);
    expect(named('shop refused')).toMatchObject([{ failure: 'inbox.unavailable', http: { status: 503 } }]);
    expect(named('shop hookline:test')).toMatchObject([{ trace: uuid, failure: 'inbox.unavailable', http: { status: 503 } }]);
  });
});

describe('the trace of a refusal', () => {
  it('is one of its own, by the delivery’s UUID, and trusts nothing of an unsigned sender', async () => {
    await start();
    await post([sign('another body'), ['traceparent', TRACEPARENT]]);
    const id = test.recorded.refusals[0]?.id ?? '';
    expect(spans).toMatchObject([
      {
        trace: id,
        id: toRootSpanId(id),
        name: 'shop refused',
        fields: { delivery_id: id, outcome: 'refused', cause: 'signature.mismatch' },
        http: { status: 401, bodyBytes: BODY.length },
      },
    ]);
    expect([spans[0]?.failure, spans[0]?.traceparent]).toEqual([undefined, undefined]);
  });

  it('does not repeat a method that a sender makes up', async () => {
    await start();
    await post([], { method: 'PURGE' });
    expect(spans[0]?.http).toMatchObject({ method: '_OTHER', status: 405 });
  });

  it('is told ten times a second at most', async () => {
    let clock = Date.UTC(2026, 10, 24);
    await start({ now: () => new Date(clock) });
    for (let at = 0; at < 25; at += 1) await post([]);
    expect(spans).toHaveLength(10);
    clock += 1_000;
    await post([]);
    expect(spans).toHaveLength(11);
  });
});

it('nothing of payload, query or secret stands in a span', async () => {
  await start();
  await post();
  await post([sign('another body')]);
  expect(JSON.stringify(spans)).not.toMatch(/anna|of-the-query|sha256|a-live-secret/);
});

it('nothing is measured where nothing is traced', async () => {
  await start({ tracer: { ...tracer, isOn: false, takes: () => false } });
  await post();
  await post([sign('another body')]);
  expect(spans).toEqual([]);
});
