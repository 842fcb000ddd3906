import { expect, test } from 'vitest';
import { fillSampleStock, SOLD_OUT_SKU, toSampleStock } from '../../src/runtime/sample-stock.ts';
import type { StockLevel } from '../../src/store/stock.ts';

const NOW = new Date('2026-11-24T12:00:00Z');

test('holds every article of the sample orders in plenty, and one that is sold out', () => {
  const stock = toSampleStock(NOW);
  expect(stock).toEqual(
    expect.arrayContaining([
      { sku: 'MUG-WHITE', available: 100_000 },
      { sku: 'TEE-BLUE-M', available: 100_000 },
    ]),
  );
  expect(stock.filter(({ available }) => available === 0)).toEqual([{ sku: SOLD_OUT_SKU, available: 0 }]);
  expect(new Set(stock.map(({ sku }) => sku)).size).toBe(stock.length);
});

test('fills an empty stock, and leaves one that holds anything as it is', async () => {
  let levels: readonly StockLevel[] = [];
  const stock = {
    list: () => Promise.resolve(levels),
    set: (set: readonly StockLevel[]) => {
      levels = set;
      return Promise.resolve();
    },
  };
  expect(await fillSampleStock(stock, NOW)).toBe(true);
  expect(levels).toEqual(toSampleStock(NOW));
  levels = [{ sku: 'PEN', available: 0 }];
  expect(await fillSampleStock(stock, NOW)).toBe(false);
  expect(levels).toEqual([{ sku: 'PEN', available: 0 }]);
});
