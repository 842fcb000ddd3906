import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createStore, type Store } from '../../src/store/store.ts';
import { clearSwitch, setSwitch, type Switch } from '../../src/store/switches.ts';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

const HOLD_ALL: Switch = { verb: 'hold', kind: 'all', name: '*' };
const HOLD_ERP: Switch = { verb: 'hold', kind: 'source', name: 'erp' };
const SHOPIFY_ORDER = readFileSync(join(import.meta.dirname, '../fixtures/shopify/orders-create-web.json'), 'utf8');

let system: System;
let store: Store;
let ingresses: readonly [HooklineProcess, HooklineProcess];
const standing: Switch[] = [];

beforeAll(async () => {
  system = await startSystem();
  store = createStore({ pool: system.database.pool });
  const [first, second] = await Promise.all([system.startIngress(), system.startIngress(), system.startWorker()]);
  ingresses = [first, second];
});
afterEach(async () => {
  for (const one of standing.splice(0)) await clear(one);
  await bothAnswer('accepted');
});
afterAll(() => system.close());

const set = async (one: Switch): Promise<void> => {
  standing.push(one);
  await setSwitch(system.database.pool, one, { by: 'anna', reason: null });
};
const clear = (one: Switch) => clearSwitch(system.database.pool, one);
const runOf = async (id: string) => (await system.runs()).find(({ event_id }) => event_id === id);
const closes = (id: string) => expect.poll(async () => (await runOf(id))?.state, { timeout: 20_000, interval: 50 }).toBe('done');
const statusOf = async (ingress: HooklineProcess): Promise<string | undefined> =>
  (await system.post(ingress, orderOf(randomUUID()))).body.status;
/** Resolves when both ingresses answer so: a command counts within a second. */
const bothAnswer = async (status: string): Promise<void> => {
  const both = async (): Promise<readonly unknown[]> => Promise.all(ingresses.map(statusOf));
  await expect.poll(both, { timeout: 3_000, interval: 50 }).toEqual([status, status]);
};
const postShopify = (id: string) =>
  system.postShopify(ingresses[0], SHOPIFY_ORDER, {
    'x-shopify-topic': 'orders/create',
    'x-shopify-event-id': id,
    'x-shopify-triggered-at': new Date().toISOString(),
  });
const mailsTo = async (id: string) => (await system.mail.mails()).filter(({ to }) => JSON.stringify(to).includes(`${id}@example.com`));

describe('a source that is held', () => {
  it('has its events kept, and released in order of receipt, with every effect once; others go on', async () => {
    await set(HOLD_ERP);
    await bothAnswer('held');
    const ids: readonly string[] = Array.from({ length: 8 }, () => randomUUID());
    for (const [index, id] of ids.entries())
      expect(await system.post(ingresses[index % 2 === 0 ? 0 : 1], orderOf(id))).toEqual({
        status: 200,
        body: { status: 'held', eventId: id },
      });
    expect((await system.post(ingresses[1], orderOf(ids[0] ?? ''))).body).toEqual({ status: 'duplicate', eventId: ids[0] });
    const [held] = await store.events.find(ids[0] ?? '');
    expect(held).toMatchObject({
      state: 'held',
      code: 'event.held',
      detail: expect.stringMatching(/^source `erp` is held since \S+ by anna$/) as string,
      runs: [],
    });

    const other = randomUUID();
    expect((await postShopify(other)).body.status).toBe('accepted');
    await closes(other);
    expect(await Promise.all(ids.map(runOf))).toEqual(ids.map(() => undefined));

    await clear(HOLD_ERP);
    for (const id of ids) await closes(id);
    const order = (await system.runs()).map(({ event_id }) => event_id).filter((id) => ids.includes(id));
    expect(order).toEqual(ids);
    for (const id of ids) {
      expect(await mailsTo(id)).toHaveLength(1);
      expect(await system.effects(id)).toEqual([
        'analytics.record done 0',
        'email.sendOrderConfirmation done 0',
        'fulfilment.notifyWarehouse done 0',
        'inventory.reserve done 0',
      ]);
    }
    await expect.poll(() => store.events.list({ state: 'held', limit: 10 }), { timeout: 10_000 }).toEqual([]);
  });

  it('has what does not fit quarantined all the same', async () => {
    await set(HOLD_ERP);
    await bothAnswer('held');
    expect((await system.post(ingresses[0], orderOf(randomUUID(), { items: [] }))).body.status).toBe('quarantined');
    const ignored = { ...orderOf(randomUUID()), event_type: 'nobody.wants' };
    expect((await system.post(ingresses[0], ignored)).body.status).toBe('ignored');
  });
});

describe('everything that is held', () => {
  it('keeps runs from starting that were accepted before', async () => {
    const pause: Switch = { verb: 'pause', kind: 'source', name: 'erp' };
    await set(pause);
    const id = randomUUID();
    expect((await system.post(ingresses[0], orderOf(id))).body.status).toBe('accepted');
    await set(HOLD_ALL);
    await clear(pause);
    await bothAnswer('held');
    const other = randomUUID();
    expect((await postShopify(other)).body.status).toBe('held');
    expect(await runOf(id)).toMatchObject({ state: 'pending', attempt: 1 });
    await clear(HOLD_ALL);
    await Promise.all([closes(id), closes(other)]);
  });
});

describe('a pause', () => {
  it('of a source lets its events be accepted and its runs wait, and resumes them', async () => {
    const pause: Switch = { verb: 'pause', kind: 'source', name: 'erp' };
    await set(pause);
    const [paused, other] = [randomUUID(), randomUUID()];
    expect((await system.post(ingresses[0], orderOf(paused))).body.status).toBe('accepted');
    await postShopify(other);
    await closes(other); // which came later
    expect(await runOf(paused)).toMatchObject({ state: 'pending', attempt: 1 });
    await clear(pause);
    await closes(paused);
    expect(await mailsTo(paused)).toHaveLength(1);
  });

  it('of a chain lets its runs wait, and those of another chain of the same source go on', async () => {
    const pause: Switch = { verb: 'pause', kind: 'chain', name: 'new-order' };
    await set(pause);
    const [paused, other] = [randomUUID(), randomUUID()];
    expect((await system.post(ingresses[0], orderOf(paused))).body.status).toBe('accepted');
    await system.post(ingresses[0], {
      event_id: other,
      event_type: 'user.registered',
      occurred_at: new Date().toISOString(),
      data: { user_id: other, email: `${other}@example.com`, name: 'Ada' },
    });
    await closes(other);
    expect(await runOf(paused)).toMatchObject({ state: 'pending', attempt: 1 });
    await clear(pause);
    await closes(paused);
  });
});
