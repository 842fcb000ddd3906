import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listVendorWaits } from '../../src/store/vendor-waits.ts';
import type { HooklineProcess } from '../support/hookline-process.ts';
import { startScriptedCrm, type CrmPut, type ScriptedCrm } from '../support/scripted-crm.ts';
import { startSystem, type System } from '../support/system.ts';

let crm: ScriptedCrm;
let system: System;
let ingress: HooklineProcess;
let workers: readonly HooklineProcess[];

beforeAll(async () => {
  crm = await startScriptedCrm();
  // a secret of the system serves as the CRM's token; which one it is the CRM does not care
  system = await startSystem({ settings: `crm: { url: '${crm.url}', bearer: '\${ERP_SECRET}' }` });
  [ingress, ...workers] = await Promise.all([system.startIngress(), system.startWorker(), system.startWorker()]);
});
beforeEach(() => {
  crm.answers.splice(0);
});
afterAll(async () => {
  await system.close();
  await crm.close();
});

const START = Date.parse('2026-03-01T10:00:00Z');
const at = (second: number): string => new Date(START + second * 1_000).toISOString();

function changeOf(id: string, customer: string, change: object): object {
  return { event_id: id, event_type: 'customer.updated', occurred_at: at(0), data: { customer_id: customer, ...change } };
}
const post = (id: string, customer: string, change: object) => system.post(ingress, changeOf(id, customer, change));
const runOf = async (id: string) => (await system.runs()).find(({ event_id }) => event_id === id);
const closesAs = (id: string, expected: object) => expect.poll(() => runOf(id), { timeout: 20_000, interval: 50 }).toMatchObject(expected);
const putsOf = (customer: string): readonly CrmPut[] => crm.requests.filter(({ id }) => id === `erp:${customer}`);
const known = (customer: string) => crm.profile(`erp:${customer}`);

describe('a customer who has changed', () => {
  it('reaches the CRM: put under the external id, with our token and a key of its own', async () => {
    const [id, customer] = [randomUUID(), randomUUID()];
    await post(id, customer, { name: 'Ada', email: 'ada@example.com', updated_at: at(1) });
    await closesAs(id, { state: 'done' });
    const [put, ...others] = putsOf(customer);
    expect(others).toEqual([]);
    expect(put?.path).toBe(`/crm/customers/erp%3A${customer}`);
    expect(put?.headers.authorization).toMatch(/^Bearer [0-9a-f]{64}$/);
    expect(put?.headers['idempotency-key']).toMatch(/^[\w-]{43}$/);
    expect(put?.body).toEqual({ externalId: `erp:${customer}`, revision: 1, name: 'Ada', email: 'ada@example.com', updatedAt: at(1) });
    expect(await system.effects(id)).toEqual(['crm.mergeProfile done 0', 'crm.newestProfile done 0', 'crm.upsertProfile done 0']);
  });

  it('keeps what a later change does not speak of, and loses what it empties', async () => {
    const [first, second, customer] = [randomUUID(), randomUUID(), randomUUID()];
    await post(first, customer, { name: 'Ada', email: 'ada@example.com', phone: '+44 20', updated_at: at(1) });
    await closesAs(first, { state: 'done' });
    await post(second, customer, { phone: null, name: 'Ada Lovelace', updated_at: at(2) });
    await closesAs(second, { state: 'done' });
    expect(known(customer)).toMatchObject({ name: 'Ada Lovelace', email: 'ada@example.com', phone: null, updatedAt: at(2) });
  });

  it('is not sent by a change that comes after a newer one', async () => {
    const [newer, older, customer] = [randomUUID(), randomUUID(), randomUUID()];
    await post(newer, customer, { name: 'newer', updated_at: at(2) });
    await closesAs(newer, { state: 'done' });
    await post(older, customer, { name: 'older', updated_at: at(1) });
    await closesAs(older, { state: 'done' });
    expect(putsOf(customer).map(({ body }) => body['name'])).toEqual(['newer']);
    expect(await system.effects(older)).toEqual(['crm.mergeProfile done 0']);
  });
});

describe('a CRM in trouble', () => {
  it('that answers 500, then takes it: tried again under the same key', async () => {
    const [id, customer] = [randomUUID(), randomUUID()];
    crm.answers.push({ status: 500 });
    await post(id, customer, { name: 'Ada', updated_at: at(1) });
    await closesAs(id, { state: 'done', attempt: 1 });
    const keys = putsOf(customer).map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(known(customer)).toMatchObject({ name: 'Ada' });
  });

  it('that asks to be left alone: no event and no worker asks it before its time is over, then all do', async () => {
    const customers = Array.from({ length: 20 }, () => randomUUID());
    const [first = '', ...others] = customers;
    const change = { name: 'Ada', updated_at: at(1) };
    crm.answers.push({ status: 429, headers: { 'retry-after': '3' } });
    await post(first, first, change);
    await expect.poll(() => listVendorWaits(system.database.pool), { timeout: 20_000 }).toMatchObject([{ adapter: 'crm' }]);
    await Promise.all(others.map((customer) => post(customer, customer, change)));
    for (const customer of customers) await closesAs(customer, { state: 'done', attempt: 1 });
    const puts = crm.requests.filter(({ id }) => customers.some((customer) => id === `erp:${customer}`));
    const [refused = 0, ...arrived] = puts.map(({ arrivedMs }) => arrivedMs);
    expect(arrived).toHaveLength(20);
    // the CRM counts from its answer, which it gives after the request has arrived
    expect(arrived.filter((ms) => ms - refused < 3_000)).toEqual([]);
    expect(new Set(puts.map(({ headers }) => headers['idempotency-key'])).size).toBe(20);
  }, 60_000);

  it('that refuses for good: the run fails, and a resend repairs it', async () => {
    const [id, customer] = [randomUUID(), randomUUID()];
    crm.answers.push({ status: 400 });
    await post(id, customer, { name: 'Ada', updated_at: at(1) });
    await closesAs(id, { state: 'failed', code: 'http.refused', attempt: 1 });
    expect(known(customer)).toBeUndefined();
    expect((await post(id, customer, { name: 'Ada', updated_at: at(1) })).body.status).toBe('duplicate');
    await closesAs(id, { state: 'done', attempt: 2 });
    expect(known(customer)).toMatchObject({ name: 'Ada' });
    expect(putsOf(customer)).toHaveLength(2);
  });

  it('is given nothing old by the repair of a change that was overtaken since', async () => {
    const [older, newer, customer] = [randomUUID(), randomUUID(), randomUUID()];
    crm.answers.push({ status: 400 });
    await post(older, customer, { name: 'older', updated_at: at(1) });
    await closesAs(older, { state: 'failed', code: 'http.refused' });
    await post(newer, customer, { name: 'newer', updated_at: at(2) });
    await closesAs(newer, { state: 'done' });
    await post(older, customer, { name: 'older', updated_at: at(1) });
    await closesAs(older, { state: 'done', attempt: 2 });
    expect(crm.taken.filter(({ id }) => id === `erp:${customer}`).map(({ body }) => body['name'])).not.toContain('older');
    expect(known(customer)).toMatchObject({ name: 'newer' });
  });
});

describe('an older profile never has the last word', () => {
  it('when the CRM takes it after the newer one: it is followed by the newer one again', async () => {
    const [older, newer, customer] = [randomUUID(), randomUUID(), randomUUID()];
    const { held, letGo } = crm.hold();
    await post(older, customer, { name: 'older', updated_at: at(1) });
    await held;
    await post(newer, customer, { name: 'newer', updated_at: at(2) });
    await closesAs(newer, { state: 'done' });
    letGo();
    await closesAs(older, { state: 'done' });
    expect(crm.taken.filter(({ id }) => id === `erp:${customer}`).map(({ body }) => body['name'])).toEqual(['newer', 'older', 'newer']);
  });

  it('when thirty changes come in any order, some twice, some of one time, to two workers and a CRM that takes its time', async () => {
    const customer = randomUUID();
    const changes = Array.from({ length: 30 }, (_, index) => ({
      id: `${String(index).padStart(2, '0')}-${customer}`,
      change: { name: `name ${index}`, ...(index % 3 === 0 ? { phone: `phone ${index}` } : {}), updated_at: at(Math.floor(index / 2)) },
    }));
    const delays = [0, 40, 5, 90, 20, 0, 60, 10];
    for (let index = 0; index < 60; index += 1)
      crm.answers.push({ status: index % 11 === 7 ? 503 : 200, before: () => setTimeout(delays[index % 8]) });
    const order = [...changes.keys()].map((index) => (index * 17 + 11) % 30); // every index once, far from its place
    await Promise.all(
      [...order, ...order.slice(0, 10)].map((index) => post(changes[index]?.id ?? '', customer, changes[index]?.change ?? {})),
    );
    await expect
      .poll(async () => (await system.runs()).filter(({ event_id, state }) => event_id.endsWith(customer) && state === 'done').length, {
        timeout: 50_000,
        interval: 200,
      })
      .toBe(30);
    // the two last have one time: the greater event id stands; the last that spoke of the telephone was the 28th
    const newest = { name: 'name 29', phone: 'phone 27', updatedAt: at(14) };
    expect(known(customer)).toMatchObject(newest);
    expect(await system.entity('customer', `erp:${customer}`)).toEqual(newest);
    expect((await system.runs()).filter(({ event_id }) => event_id.endsWith(customer))).toHaveLength(30);
  }, 90_000);

  it('when the worker that sent it is killed before the CRM takes it', async () => {
    const [older, newer, customer] = [randomUUID(), randomUUID(), randomUUID()];
    const { held, letGo } = crm.hold();
    await post(older, customer, { name: 'older', updated_at: at(1) });
    await held;
    await post(newer, customer, { name: 'newer', updated_at: at(2) });
    await closesAs(newer, { state: 'done' });
    await Promise.all(workers.map((worker) => worker.kill()));
    letGo();
    await system.startWorker();
    await closesAs(older, { state: 'done', attempt: 1 });
    expect(crm.taken.filter(({ id }) => id === `erp:${customer}`).map(({ body }) => body['name'])).toEqual(['newer', 'older', 'newer']);
  }, 60_000);
});
