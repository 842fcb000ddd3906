import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { toRootSpanId, toRunSpanId, toStartSpanId } from '../../src/contracts/tracing.ts';
import { freePort } from '../../src/runtime/free-port.ts';
import { createTemporalClient, type TemporalClient } from '../../src/runtime/temporal-client.ts';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { startOtlpCollector, type CollectedSpan, type OtlpCollector } from '../support/otlp-collector.ts';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

const ORDER = join(import.meta.dirname, '../fixtures/shopify/orders-create-web.json');
const SENDER = '4bf92f3577b34da6a3ce929d0e0e4736';
let system: System;
let ingress: HooklineProcess;
let worker: HooklineProcess;
let smtp: ScriptedSmtp;
let collector: OtlpCollector;
let temporal: TemporalClient;

beforeAll(async () => {
  [collector, smtp] = await Promise.all([startOtlpCollector(), startScriptedSmtp()]);
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url);
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'authorization=Bearer%20of-the-collector');
  vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'deployment.environment.name=test');
  vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '100');
  system = await startSystem();
  temporal = createTemporalClient({ address: inject('temporalAddress'), namespace: system.namespace });
  [ingress, worker] = await Promise.all([system.startIngress(), system.startWorker({ smtpUrl: smtp.url })]);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await temporal.close();
  await system.close();
  await smtp.close();
  await collector.close();
});

const eventUuidOf = async (id: string): Promise<string> =>
  (
    await system.database.pool.query<{ uuid: string }>({
      name: 'test.uuid',
      text: 'SELECT uuid FROM events WHERE event_id = $1',
      values: [id],
    })
  ).rows[0]?.uuid ?? '';
const traceOf = (uuid: string): readonly CollectedSpan[] => collector.spans.filter(({ traceId }) => traceId === uuid.replaceAll('-', ''));
const named = (uuid: string, name: string): readonly CollectedSpan[] => traceOf(uuid).filter((span) => span.name === name);
const closes = (id: string, state: string) =>
  expect
    .poll(async () => (await system.runs()).find(({ event_id }) => event_id === id), { timeout: 20_000, interval: 50 })
    .toMatchObject({ state });

/** `name < name of its parent`, sorted. */
function treeOf(spans: readonly CollectedSpan[]): readonly string[] {
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  return spans
    .map(({ name, parentSpanId }) => (parentSpanId === undefined ? name : `${name} < ${names.get(parentSpanId) ?? parentSpanId}`))
    .sort();
}

describe('a webhook', () => {
  it('is one trace from its receipt to its last action, through two processes, PostgreSQL and Temporal', async () => {
    const id = randomUUID();
    await system.postShopify(ingress, readFileSync(ORDER, 'utf8'), {
      'x-shopify-topic': 'orders/create',
      'x-shopify-event-id': id,
      'x-shopify-triggered-at': new Date().toISOString(),
      traceparent: `00-${SENDER}-00f067aa0ba902b7-01`,
    });
    await closes(id, 'done');
    const uuid = await eventUuidOf(id);
    await expect.poll(() => named(uuid, 'run new-order').length, { timeout: 5_000 }).toBe(1);
    await expect.poll(() => traceOf(uuid).length).toBe(10);

    expect(treeOf(traceOf(uuid))).toEqual([
      'analytics.record < run new-order',
      'commit < shop order.created',
      'email.sendOrderConfirmation < run new-order',
      'fulfilment.notifyWarehouse < run new-order',
      'interpret < shop order.created',
      'inventory.reserve < run new-order',
      'run new-order < start new-order',
      'shop order.created',
      'start new-order < shop order.created',
      'verify < shop order.created',
    ]);
    const [root] = named(uuid, 'shop order.created');
    expect(root).toMatchObject({
      spanId: toRootSpanId(uuid),
      links: [{ traceId: SENDER }],
      attributes: { 'hookline.event_id': id, 'hookline.event_uuid': uuid, 'http.response.status_code': 200, 'url.path': '/webhooks/shop' },
      resource: { 'service.name': 'hookline-ingress', 'process.pid': ingress.pid, 'deployment.environment.name': 'test' },
    });
    const [run] = named(uuid, 'run new-order');
    expect(run?.resource).toMatchObject({ 'service.name': 'hookline-worker', 'process.pid': worker.pid });
    expect(run?.attributes).toMatchObject({ 'hookline.outcome': 'done', 'hookline.attempt': 1, 'hookline.workflow_id': `shop.${id}` });
    const actions = traceOf(uuid).filter(({ parentSpanId }) => parentSpanId === run?.spanId);
    expect(actions.map(({ attributes }) => attributes['hookline.outcome'])).toEqual(['done', 'done', 'done', 'done']);
    expect(Math.max(...actions.map(({ endMs }) => endMs))).toBeLessThanOrEqual(run?.endMs ?? 0);
    expect(root?.startMs).toBeLessThanOrEqual(Math.min(...traceOf(uuid).map(({ startMs }) => startMs)));
  });

  it('that is sent again adds its repair to the same trace', async () => {
    const id = randomUUID();
    smtp.script.atRecipient = '550 no such user';
    await system.post(ingress, orderOf(id));
    await closes(id, 'failed');
    smtp.script.atRecipient = '250 ok';
    await system.post(ingress, orderOf(id));
    await closes(id, 'done');
    const uuid = await eventUuidOf(id);
    await expect.poll(() => named(uuid, 'run new-order').length, { timeout: 5_000 }).toBe(2);

    const key = (attempt: number) => ({ eventUuid: uuid, chain: 'new-order', attempt });
    const runs = named(uuid, 'run new-order').toSorted((a, b) => a.startMs - b.startMs);
    expect(runs).toMatchObject([
      {
        spanId: toRunSpanId(key(1)),
        parentSpanId: toStartSpanId(key(1)),
        status: 2,
        attributes: { 'hookline.outcome': 'failed', 'error.type': 'mail.refused' },
      },
      { spanId: toRunSpanId(key(2)), parentSpanId: toStartSpanId(key(2)), status: 0, attributes: { 'hookline.outcome': 'done' } },
    ]);
    expect(runs[1]?.startMs).toBeGreaterThanOrEqual(runs[0]?.endMs ?? Infinity);
    expect(named(uuid, 'duplicate')).toMatchObject([{ parentSpanId: toRootSpanId(uuid) }]);
    expect(named(uuid, 'email.sendOrderConfirmation').map(({ status, parentSpanId }) => [status, parentSpanId])).toEqual([
      [2, toRunSpanId(key(1))],
      [0, toRunSpanId(key(2))],
    ]);
    const spanIds = new Set(traceOf(uuid).map(({ spanId }) => spanId));
    expect(traceOf(uuid).filter(({ parentSpanId }) => parentSpanId !== undefined && !spanIds.has(parentSpanId))).toEqual([]);
    expect(spanIds.size).toBe(traceOf(uuid).length);
  });

  it('whose run is terminated has a span of that run all the same, told by the starter, and one for each try of an action', async () => {
    const id = randomUUID();
    smtp.script.atRecipient = '450 try again later';
    await system.post(ingress, orderOf(id));
    const uuid = await eventUuidOf(id);
    await expect
      .poll(() => named(uuid, 'email.sendOrderConfirmation').map(({ attributes }) => attributes['hookline.step_attempt']), {
        timeout: 10_000,
      })
      .toEqual([1, 2]);
    await temporal.client.workflow.getHandle(`erp.${id}`).terminate('as an operator would');
    smtp.script.atRecipient = '250 ok';
    await expect.poll(() => named(uuid, 'run new-order'), { timeout: 15_000 }).toHaveLength(1);
    expect(named(uuid, 'run new-order')).toMatchObject([
      {
        parentSpanId: toStartSpanId({ eventUuid: uuid, chain: 'new-order', attempt: 1 }),
        attributes: { 'hookline.outcome': 'stopped', 'hookline.code': 'run.terminated' },
        resource: { 'service.name': 'hookline-ingress' },
        status: 0,
      },
    ]);
  });

  it('that is refused is a trace of its own, under the UUID of its delivery', async () => {
    const answer = await fetch(`http://127.0.0.1:${ingress.port}/webhooks/erp`, { method: 'POST', body: '{"anna":1}' });
    expect(answer.status).toBe(401);
    await expect.poll(() => collector.spans.filter(({ name }) => name === 'erp refused').length, { timeout: 5_000 }).toBe(1);
    const [refused] = collector.spans.filter(({ name }) => name === 'erp refused');
    expect(refused?.traceId).toBe(String(refused?.attributes['hookline.delivery_id']).replaceAll('-', ''));
    expect(refused?.attributes).toMatchObject({ 'hookline.cause': 'signature.missing', 'http.response.status_code': 401 });
  });

  it('leaves nothing of its payload, its headers or a secret in any exported byte', () => {
    const exported = collector.bodies.join('\n');
    expect(exported).not.toMatch(
      /@|example\.com|norman|ipod|mug|12\.25|24\.5|409\.94|anna|sha256|whsec|postgres|smtp:|of-the-collector|_SECRET/i,
    );
    const keys = new Set(collector.spans.flatMap(({ attributes }) => Object.keys(attributes)));
    expect([...keys].filter((key) => !/^(?:hookline\.[a-z_]+|http\.[a-z._]+|url\.(?:path|scheme)|error\.type)$/.test(key))).toEqual([]);
    expect(collector.requests[0]?.headers).toMatchObject({ authorization: 'Bearer of-the-collector' });
  });
});

describe('a collector that is not there', () => {
  it.each([
    ['gone', async () => `http://127.0.0.1:${await freePort()}`],
    ['never answers', async () => collector.url],
  ])('(%s) costs neither an answer nor a stop', async (what, urlOf) => {
    if (what === 'never answers') collector.answer('hang');
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', await urlOf());
    const alone = await system.startIngress();
    const id = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => system.post(alone, orderOf(id))));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    await closes(id, 'done');

    const startedAt = performance.now();
    expect(await alone.stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(6_000);
    const told = alone.lines.filter(({ component, level }) => component === 'tracing' && level === 'warn').map(({ msg }) => msg);
    expect(told.filter((msg) => msg === 'the collector takes no spans').length).toBeLessThanOrEqual(1);
  });
});
