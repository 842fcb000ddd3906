import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFaultProxy, through, type FaultProxy } from '../support/fault-proxy.ts';
import type { HooklineProcess } from '../support/hookline-process.ts';
import type { Answer } from '../support/signed-posts.ts';
import { startSystem, type System } from '../support/system.ts';

const ORDER = readFileSync(join(import.meta.dirname, '../fixtures/shopify/orders-create-web.json'), 'utf8');
const PAID_AT = Date.parse('2026-11-10T16:05:00Z') / 1_000;

let system: System;
let database: FaultProxy;
let ingress: HooklineProcess;
let worker: HooklineProcess;

beforeAll(async () => {
  system = await startSystem();
  database = await startFaultProxy(Number(new URL(system.database.url).port));
  const ways = { databaseUrl: through(system.database.url, database) };
  [ingress, worker] = await Promise.all([system.startIngress(), system.startWorker(ways)]);
});
afterAll(async () => {
  await system.close();
  await database.close();
});

/** A number that no other test has: Shopify's ids are whole numbers below 2^53. */
const newNumber = (): number => Number.parseInt(randomUUID().slice(0, 8), 16);
const runOf = async (id: string) => (await system.runs()).find(({ event_id }) => event_id === id);
const closesAs = (id: string, expected: object) => expect.poll(() => runOf(id), { timeout: 30_000, interval: 50 }).toMatchObject(expected);

/** An order of 598.94 USD in Shopify. */
const postOrder = (number: number, id: string): Promise<Answer> =>
  system.postShopify(ingress, JSON.stringify({ ...JSON.parse(ORDER), id: number }), {
    'x-shopify-topic': 'orders/create',
    'x-shopify-event-id': id,
  });

/** An event of Stripe's about a payment of 598.94 USD. */
const stripeEvent = (id: string, type: string, object: object): object => ({
  id,
  object: 'event',
  type,
  created: PAID_AT,
  livemode: true,
  data: { object },
});
const sessionOf = (id: string, payment: string, more: object): object =>
  stripeEvent(id, 'checkout.session.completed', {
    id: `cs_${payment}`,
    object: 'checkout.session',
    amount_total: 59_894,
    currency: 'usd',
    payment_intent: payment,
    payment_status: 'paid',
    ...more,
  });
const intentOf = (id: string, payment: string, more: object = {}): object =>
  stripeEvent(id, 'payment_intent.succeeded', {
    id: payment,
    object: 'payment_intent',
    amount_received: 59_894,
    currency: 'usd',
    metadata: {},
    ...more,
  });

const paymentOf = (payment: string): object => ({
  id: `stripe:${payment}`,
  amount: 598.94,
  currency: 'USD',
  paidAt: '2026-11-10T16:05:00.000Z',
});
const paidBy = (...payments: readonly string[]): object => ({
  status: 'paid',
  amount: Math.round(59_894 * payments.length) / 100,
  currency: 'USD',
  paidAt: '2026-11-10T16:05:00.000Z',
  payments: payments.toSorted().map(paymentOf),
});
const countsOf = async (orderId: string): Promise<readonly unknown[]> =>
  (
    await system.database.pool.query<{ name: string; value: string }>({
      name: 'test.counts',
      text: 'SELECT name, value FROM analytics WHERE subject = $1 ORDER BY name',
      values: [orderId],
    })
  ).rows;
const resultOf = async (id: string): Promise<unknown> =>
  (
    await system.database.pool.query<{ result: unknown }>({
      name: 'test.result',
      text: 'SELECT r.result FROM runs r JOIN events e ON e.uuid = r.event_uuid WHERE e.event_id = $1',
      values: [id],
    })
  ).rows[0]?.result;

describe('a payment', () => {
  it('marks its order paid: one order, one payment, counted once, whatever number of events tell of it', async () => {
    const [number, order, session, intent, payment] = [newNumber(), randomUUID(), randomUUID(), randomUUID(), `pi_${randomUUID()}`];
    await postOrder(number, order);
    await closesAs(order, { state: 'done' });
    await Promise.all([
      system.postStripe(ingress, sessionOf(session, payment, { client_reference_id: `shopify:${number}` })),
      system.postStripe(ingress, intentOf(intent, payment, { metadata: { order_id: String(number) } })),
    ]);
    await Promise.all([closesAs(session, { state: 'done' }), closesAs(intent, { state: 'done' })]);
    expect(await system.entity('order', `shopify:${number}`)).toEqual({
      status: expect.stringMatching(/^(?:reserved|backordered)$/) as unknown,
      number: '#1001',
      total: { amount: 598.94, currency: 'USD' },
      customerEmail: 'bob.norman@mail.example.com',
      payment: paidBy(payment),
    });
    expect(await countsOf(`shopify:${number}`)).toEqual([
      { name: 'order_created', value: '598.94' },
      { name: 'order_paid', value: '598.94' },
    ]);
    expect(await resultOf(session)).toEqual({ matched: true, paymentId: `stripe:${payment}`, orderId: `shopify:${number}`, covered: true });
  });

  it('that comes before its order makes it, and the order joins it without overwriting', async () => {
    const [number, order, session, payment] = [newNumber(), randomUUID(), randomUUID(), `pi_${randomUUID()}`];
    await system.postStripe(ingress, sessionOf(session, payment, { client_reference_id: String(number) }));
    await closesAs(session, { state: 'done' });
    expect(await system.entity('order', `shopify:${number}`)).toEqual({ payment: paidBy(payment) });
    expect(await resultOf(session)).toMatchObject({ matched: true, covered: null });
    await postOrder(number, order);
    await closesAs(order, { state: 'done' });
    expect(await system.entity('order', `shopify:${number}`)).toMatchObject({ number: '#1001', payment: paidBy(payment) });
  });

  it('that names no order is accepted, and finds its order when another event of it names one', async () => {
    const [number, intent, session, payment] = [newNumber(), randomUUID(), randomUUID(), `pi_${randomUUID()}`];
    expect((await system.postStripe(ingress, intentOf(intent, payment))).body.status).toBe('accepted');
    await closesAs(intent, { state: 'done' });
    expect(await resultOf(intent)).toEqual({ matched: false, paymentId: `stripe:${payment}` });
    await system.postStripe(ingress, sessionOf(session, payment, { metadata: { order_id: `shopify:${number}` } }));
    await closesAs(session, { state: 'done' });
    expect(await system.entity('order', `shopify:${number}`)).toEqual({ payment: paidBy(payment) });
    expect(await countsOf(`shopify:${number}`)).toEqual([{ name: 'order_paid', value: '598.94' }]);
  });

  it('that is not paid yet is no payment', async () => {
    const id = randomUUID();
    const answer = await system.postStripe(ingress, sessionOf(id, `pi_${id}`, { client_reference_id: '1', payment_status: 'unpaid' }));
    expect(answer).toEqual({ status: 200, body: { status: 'ignored', eventId: id } });
  });

  it('that was counted for another order fails, and changes neither', async () => {
    const [number, other, first, second, payment] = [newNumber(), newNumber(), randomUUID(), randomUUID(), `pi_${randomUUID()}`];
    await system.postStripe(ingress, sessionOf(first, payment, { client_reference_id: String(number) }));
    await closesAs(first, { state: 'done' });
    await system.postStripe(ingress, intentOf(second, payment, { metadata: { order_id: String(other) } }));
    await closesAs(second, { state: 'failed', code: 'payment.otherOrder' });
    expect(await system.entity('order', `shopify:${other}`)).toBeUndefined();
    expect(await system.entity('order', `shopify:${number}`)).toEqual({ payment: paidBy(payment) });
  });

  it('of a generic source pays an order of its own, or of the system that it names', async () => {
    const [number, own, named] = [newNumber(), randomUUID(), randomUUID()];
    const paymentEvent = (id: string, order: string): object => ({
      event_id: id,
      event_type: 'payment.succeeded',
      data: { payment_id: id, order_id: order, amount: '598.94', currency: 'USD', paid_at: '2026-11-10T16:05:00Z' },
    });
    await Promise.all([system.post(ingress, paymentEvent(own, 'A-7')), system.post(ingress, paymentEvent(named, `shopify:${number}`))]);
    await Promise.all([closesAs(own, { state: 'done' }), closesAs(named, { state: 'done' })]);
    expect(await system.entity('order', 'erp:A-7')).toMatchObject({ payment: { payments: [{ id: `erp:${own}` }] } });
    expect(await system.entity('order', `shopify:${number}`)).toMatchObject({ payment: { payments: [{ id: `erp:${named}` }] } });
  });
});

describe('a failure in the middle of a payment', () => {
  it('of the connection to PostgreSQL, as the payment is noted: noted and counted once', async () => {
    const [number, session, payment] = [newNumber(), randomUUID(), `pi_${randomUUID()}`];
    const sprung = database.arm({ point: 'afterForward', text: 'payments.note', act: () => {} });
    await system.postStripe(ingress, sessionOf(session, payment, { client_reference_id: String(number) }));
    await sprung;
    await closesAs(session, { state: 'done', attempt: 1 });
    expect(await system.entity('order', `shopify:${number}`)).toEqual({ payment: paidBy(payment) });
    expect(await countsOf(`shopify:${number}`)).toEqual([{ name: 'order_paid', value: '598.94' }]);
  });

  it('of the worker, between marking and counting: another worker counts it, once', async () => {
    const [number, session, payment] = [newNumber(), randomUUID(), `pi_${randomUUID()}`];
    const killed = database.arm({ point: 'beforeForward', text: 'analytics.record', act: () => process.kill(worker.pid, 'SIGKILL') });
    await system.postStripe(ingress, sessionOf(session, payment, { client_reference_id: String(number) }));
    await killed;
    expect(await system.entity('order', `shopify:${number}`)).toEqual({ payment: paidBy(payment) });
    expect(await countsOf(`shopify:${number}`)).toEqual([]);
    await system.startWorker();
    await closesAs(session, { state: 'done', attempt: 1 });
    expect(await system.entity('order', `shopify:${number}`)).toEqual({ payment: paidBy(payment) });
    expect(await countsOf(`shopify:${number}`)).toEqual([{ name: 'order_paid', value: '598.94' }]);
  }, 60_000);
});
