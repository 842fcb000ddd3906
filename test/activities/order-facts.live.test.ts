import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readEntity } from '../../src/store/entities.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { takeOrder } from '../support/taken-order.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

const orderOf = async (id: string) => (await readEntity(database.pool, { type: 'order', id })).fields;

it('stand in the order beside its stock as soon as that is held', async () => {
  const orderId = `shop:${randomUUID()}`;
  await takeOrder(database.pool, orderId);
  expect(await orderOf(orderId)).toEqual({
    status: 'backordered',
    number: '#1001',
    total: { amount: 24.5, currency: 'EUR' },
    customerEmail: 'ada@example.com',
  });
});

it.each([
  ['of another type', { type: 'order.cancelled' }],
  ['about another order', { entityId: 'shop:other' }],
])('are not taken from an event %s', async (_name, event) => {
  const orderId = `shop:${randomUUID()}`;
  await takeOrder(database.pool, orderId, event);
  expect(await orderOf(orderId)).toEqual({ status: 'backordered' });
});
