import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

let system: System;
let ingress: HooklineProcess;
beforeAll(async () => {
  system = await startSystem();
  [ingress] = await Promise.all([system.startIngress(), system.startWorker()]);
});
afterAll(() => system.close());

const stateOf = async (id: string): Promise<string | undefined> => (await system.runs()).find(({ event_id }) => event_id === id)?.state;
const closed = (id: string) => expect.poll(() => stateOf(id), { timeout: 20_000, interval: 50 });
const mailsTo = async (id: string) => (await system.mail.mails()).filter(({ to }) => JSON.stringify(to).includes(`${id}@example.com`));

const SHOPIFY = join(import.meta.dirname, '../fixtures/shopify');

describe('a signed webhook becomes a finished chain', () => {
  it('from a generic source: stock, mail, warehouse, analytics, each once', async () => {
    const id = randomUUID();
    const before = await system.stockOf('MUG');
    expect(await system.post(ingress, orderOf(id))).toEqual({ status: 200, body: { status: 'accepted', eventId: id } });
    await closed(id).toBe('done');
    expect(await system.effects(id)).toEqual([
      'analytics.record done 0',
      'email.sendOrderConfirmation done 0',
      'fulfilment.notifyWarehouse done 0',
      'inventory.reserve done 0',
    ]);
    expect(await system.stockOf('MUG')).toBe(before - 2);
    expect(await mailsTo(id)).toHaveLength(1);
    expect(system.warehouse.orders().filter(({ order }) => JSON.stringify(order).includes(id))).toHaveLength(1);
  });

  it.each(readdirSync(SHOPIFY))("from Shopify's own shape, as its bytes come: %s", async (file) => {
    const id = randomUUID();
    const headers = { 'x-shopify-topic': 'orders/create', 'x-shopify-event-id': id, 'x-shopify-triggered-at': new Date().toISOString() };
    const body = readFileSync(join(SHOPIFY, file), 'utf8');
    const { test }: { readonly test?: unknown } = JSON.parse(body) as object; // an order
    expect(await system.postShopify(ingress, body, headers)).toEqual({
      status: 200,
      body: { status: 'accepted', eventId: id },
    });
    await closed(id).toBe('done');
    expect(await system.effects(id)).toContain('fulfilment.notifyWarehouse done 0');
    const { rows } = await system.database.pool.query<{ fields: { status?: string } }>({
      name: 'test.entity',
      text: `SELECT n.fields FROM entities n JOIN events e ON e.entity_type = n.type AND e.entity_id = n.id WHERE e.event_id = $1`,
      values: [id],
    });
    // the notification that Shopify sends on demand is test traffic, of which nothing stays
    const standing = test === true ? [] : [expect.stringMatching(/^(?:reserved|backordered)$/) as string];
    expect(rows.map(({ fields }) => fields.status)).toEqual(standing);
  });

  it('makes one run of 50 copies that arrive at once, and answers 200 to each', async () => {
    const id = randomUUID();
    const answers = await Promise.all(Array.from({ length: 50 }, () => system.post(ingress, orderOf(id))));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.filter(({ body }) => body.status === 'accepted')).toHaveLength(1);
    await closed(id).toBe('done');
    expect((await system.runs()).filter(({ event_id }) => event_id === id)).toHaveLength(1);
    expect(await mailsTo(id)).toHaveLength(1);
  });

  it('does nothing when a finished event is sent again', async () => {
    const id = randomUUID();
    await system.post(ingress, orderOf(id));
    await closed(id).toBe('done');
    expect((await system.post(ingress, orderOf(id))).body.status).toBe('duplicate');
    expect((await system.runs()).find(({ event_id }) => event_id === id)).toMatchObject({ state: 'done', attempt: 1 });
  });

  it('says in the mail what is short, and goes on', async () => {
    const id = randomUUID();
    await system.post(ingress, orderOf(id, { items: [{ sku: 'NONE', name: 'Rare', quantity: 1, price: 1 }] }));
    await closed(id).toBe('done');
    expect((await mailsTo(id))[0]).toMatchObject({ subject: expect.stringContaining('follows later') });
  });
});
