import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { startScriptedSmtp, type ScriptedSmtp } from '../support/scripted-smtp.ts';
import { startSystem, type System } from '../support/system.ts';

const ORDER: object = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/shopify/orders-create-web.json'), 'utf8')) as object; // an order

let smtp: ScriptedSmtp;
let system: System;
let ingress: HooklineProcess;
let worker: HooklineProcess;

beforeAll(async () => {
  smtp = await startScriptedSmtp();
  system = await startSystem();
  [ingress, worker] = await Promise.all([system.startIngress(), system.startWorker({ smtpUrl: smtp.url })]);
});
afterAll(async () => {
  await system.close();
  await smtp.close();
});

const newNumber = (): number => Number.parseInt(randomUUID().slice(0, 8), 16);
/** An order of two mugs in Shopify, which its shop's test gateway has paid. */
const postTestOrder = async (number: number, id: string, change: object = {}): Promise<void> => {
  const items = [{ id: 1, sku: 'MUG', title: 'Mug', quantity: 2, price: '10.00' }];
  const body = JSON.stringify({
    ...ORDER,
    id: number,
    admin_graphql_api_id: undefined,
    email: `${id}@example.com`,
    line_items: items,
    test: true,
    ...change,
  });
  expect(await system.postShopify(ingress, body, { 'x-shopify-topic': 'orders/create', 'x-shopify-event-id': id })).toMatchObject({
    status: 200,
    body: { status: 'accepted' },
  });
};
const postStripe = (id: string, type: string, object: object): Promise<unknown> =>
  system.postStripe(ingress, { id, object: 'event', type, created: Math.floor(Date.now() / 1_000), livemode: false, data: { object } });
const closesAs = (id: string, state: string) =>
  expect
    .poll(async () => (await system.runs()).find(({ event_id }) => event_id === id)?.state, { timeout: 30_000, interval: 50 })
    .toBe(state);
/** Rows of an event in the ledger, those that are dry marked. */
const ledgerOf = async (id: string): Promise<readonly string[]> =>
  (
    await system.database.pool.query<{ line: string }>({
      name: 'test.ledger',
      text: `SELECT x.action || ' ' || x.state || ' ' || x.sends || CASE WHEN x.dry THEN ' dry' ELSE '' END AS line
             FROM effects x JOIN events e ON e.uuid = x.event_uuid WHERE e.event_id = $1 ORDER BY 1`,
      values: [id],
    })
  ).rows.map(({ line }) => line);
/** Everything that agents have written. */
const worldOf = async (): Promise<object> => {
  const tables = ['stock', 'reservations', 'entities', 'analytics', 'payments', 'customer_revisions', 'crm_profiles', 'team_notices'];
  const counts: Record<string, unknown> = {};
  for (const table of tables)
    counts[table] = (
      await system.database.pool.query({
        name: `test.world.${table}`,
        text: `SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM ${table} t`,
      })
    ).rows[0];
  return counts;
};

describe('test traffic', () => {
  it('of a shop runs to its end, and neither mails, holds, hands over, counts nor remembers anything', async () => {
    const [world, orders, id] = [await worldOf(), system.warehouse.orders().length, randomUUID()];
    await postTestOrder(newNumber(), id);
    await closesAs(id, 'done');
    expect(await ledgerOf(id)).toEqual([
      'analytics.record done 0 dry',
      'email.sendOrderConfirmation done 0 dry',
      'fulfilment.notifyWarehouse done 0 dry',
      'inventory.reserve done 0 dry',
    ]);
    expect([await worldOf(), system.warehouse.orders().length, smtp.received]).toEqual([world, orders, []]);
    const steps = worker.lines.filter(({ msg, event_id }) => msg === 'step' && event_id === id);
    expect(steps.map(({ outcome, dry }) => [outcome, dry])).toEqual(Array.from({ length: 4 }, () => ['dry', true]));
  });

  it('of Stripe (`livemode: false`) marks no order paid, and brings no customer to the CRM', async () => {
    const [world, payment, customer] = [await worldOf(), randomUUID(), randomUUID()];
    await postStripe(payment, 'payment_intent.succeeded', {
      id: `pi_${payment}`,
      object: 'payment_intent',
      amount_received: 59_894,
      currency: 'usd',
      metadata: { order_id: `shopify:${newNumber()}` },
    });
    await postStripe(customer, 'customer.updated', { id: `cus_${customer}`, object: 'customer', email: 'ada@example.com', name: 'Ada' });
    await Promise.all([closesAs(payment, 'done'), closesAs(customer, 'done')]);
    expect(await worldOf()).toEqual(world);
    for (const id of [payment, customer]) expect((await ledgerOf(id)).every((line) => line.endsWith(' done 0 dry'))).toBe(true);
    expect(await ledgerOf(payment)).toHaveLength(2);
  });

  it('reaches the outside where its source says `test: live`, and not where it was dry before', async () => {
    const [before, id, number] = [randomUUID(), randomUUID(), newNumber()];
    await postTestOrder(newNumber(), before);
    await closesAs(before, 'done');
    await worker.stop();
    worker = await system.startWorker({ smtpUrl: smtp.url, shopTest: 'live' });
    const stock = await system.stockOf('MUG');
    await postTestOrder(number, id);
    await closesAs(id, 'done');
    expect(await ledgerOf(id)).toEqual([
      'analytics.record done 0',
      'email.sendOrderConfirmation done 1',
      'fulfilment.notifyWarehouse done 1',
      'inventory.reserve done 0',
    ]);
    expect(smtp.received).toHaveLength(1);
    expect(smtp.received[0]).toContain(`To: ${id}@example.com`);
    expect([await system.stockOf('MUG'), await system.entity('order', `shopify:${number}`)]).toMatchObject([
      stock - 2,
      { status: 'reserved' },
    ]);
    expect(await ledgerOf(before)).toContain('email.sendOrderConfirmation done 0 dry');
  });
});
