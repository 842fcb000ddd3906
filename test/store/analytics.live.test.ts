import { afterAll, beforeAll, expect, test } from 'vitest';
import { record } from '../../src/store/analytics.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { randomId } from './make-delivery.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

test('counts a fact once, however often it is recorded', async () => {
  const fact = {
    key: randomId(),
    name: 'order_created',
    subject: 'shop:1',
    value: 19.99,
    currency: 'EUR',
    occurredAt: new Date('2026-03-01T10:00:00.123Z'),
  };
  const made = await Promise.all(Array.from({ length: 10 }, () => record(database.pool, fact)));
  expect(made.filter(Boolean)).toHaveLength(1);
  const { rows } = await database.pool.query({
    name: 'test.analytics',
    text: 'SELECT value, currency, occurred_at FROM analytics WHERE key = $1',
    values: [fact.key],
  });
  expect(rows).toEqual([{ value: '19.99', currency: 'EUR', occurred_at: fact.occurredAt }]);
});

test('takes a fact that is no money', async () => {
  expect(
    await record(database.pool, { key: randomId(), name: 'signed_up', subject: 'crm:1', value: 1, currency: null, occurredAt: new Date() }),
  ).toBe(true);
});
