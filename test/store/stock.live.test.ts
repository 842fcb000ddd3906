import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transaction } from '../../src/store/pool.ts';
import { listStock, release, reserve, setStock } from '../../src/store/stock.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { randomId } from './make-delivery.ts';

describe('stock', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.close());

  const set = (levels: Readonly<Record<string, number>>) =>
    setStock(
      database.pool,
      Object.entries(levels).map(([sku, available]) => ({ sku, available })),
    );
  const left = async (sku: string) => (await listStock(database.pool)).find((level) => level.sku === sku)?.available;
  const hold = (orderId: string, wish: readonly (readonly [sku: string, quantity: number])[], eventUuid = randomUUID()) =>
    transaction(database.pool, (tx) => reserve(tx, { orderId, eventUuid, lines: wish.map(([sku, quantity]) => ({ sku, quantity })) }));
  const free = (orderId: string, eventUuid: string) => transaction(database.pool, (tx) => release(tx, { orderId, eventUuid }));

  test('holds what there is, adds up lines of one sku, and says what is short', async () => {
    await set({ cup: 5, tea: 1 });
    expect(
      await hold(randomId(), [
        ['tea', 2],
        ['cup', 2],
        ['ghost', 1],
        ['cup', 1],
      ]),
    ).toEqual({
      lines: [
        { sku: 'cup', wanted: 3, held: 3 },
        { sku: 'ghost', wanted: 1, held: 0 },
        { sku: 'tea', wanted: 2, held: 1 },
      ],
      backordered: true,
    });
    expect([await left('cup'), await left('tea')]).toEqual([2, 0]);
  });

  test('never sells more than there is to 50 orders at once, whatever order their lines have', async () => {
    await set({ a1: 30, b1: 20, c1: 10 });
    const wish = [
      ['a1', 1],
      ['b1', 1],
      ['c1', 1],
    ] as const;
    const holds = await Promise.all(Array.from({ length: 50 }, (_, index) => hold(randomId(), index % 2 === 0 ? wish : wish.toReversed())));
    const heldOf = (sku: string) =>
      holds
        .flatMap(({ lines }) => lines)
        .filter((line) => line.sku === sku)
        .reduce((sum, { held }) => sum + held, 0);
    expect([heldOf('a1'), heldOf('b1'), heldOf('c1')]).toEqual([30, 20, 10]);
    expect([await left('a1'), await left('b1'), await left('c1')]).toEqual([0, 0, 0]);
    expect(holds.filter(({ backordered }) => !backordered)).toHaveLength(10);
  });

  test('holds an order once, however many events hold it at once, and leaves it to the first', async () => {
    await set({ d1: 10 });
    const order = randomId();
    const events = Array.from({ length: 10 }, () => randomUUID());
    const holds = await Promise.all(events.map((event) => hold(order, [['d1', 3]], event)));
    expect(holds).toEqual(Array(10).fill({ lines: [{ sku: 'd1', wanted: 3, held: 3 }], backordered: false }));
    expect(await left('d1')).toBe(7);
    const released = await Promise.all(events.map((event) => free(order, event)));
    expect(released.flat()).toEqual([{ sku: 'd1', held: 3 }]);
    expect(await left('d1')).toBe(10);
  });

  test('gives back only what the event holds, and nothing twice', async () => {
    await set({ e1: 4, f1: 4 });
    const [order, first, second] = [randomId(), randomUUID(), randomUUID()];
    await hold(order, [['e1', 1]], first);
    await hold(
      order,
      [
        ['e1', 3],
        ['f1', 9],
      ],
      second,
    );
    expect(await free(order, second)).toEqual([{ sku: 'f1', held: 4 }]);
    expect(await free(order, second)).toEqual([]);
    expect([await left('e1'), await left('f1')]).toEqual([3, 4]);
    expect(await free(order, first)).toEqual([{ sku: 'e1', held: 1 }]);
    expect(await left('e1')).toBe(4);
  });

  test('holds again what was given back', async () => {
    await set({ g1: 1 });
    const [order, event] = [randomId(), randomUUID()];
    for (let round = 0; round < 3; round++) {
      expect((await hold(order, [['g1', 1]], event)).backordered).toBe(false);
      await free(order, event);
    }
    expect(await left('g1')).toBe(1);
  });

  test('keeps sums right while orders are held and given back in any order', async () => {
    await set({ h1: 7, i1: 7 });
    await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const [order, event] = [randomId(), randomUUID()];
        await hold(
          order,
          index % 2 === 0
            ? [
                ['h1', 2],
                ['i1', 1],
              ]
            : [
                ['i1', 2],
                ['h1', 1],
              ],
          event,
        );
        await free(order, event);
      }),
    );
    expect([await left('h1'), await left('i1')]).toEqual([7, 7]);
  });

  test('rolls back with its transaction', async () => {
    await set({ j1: 2 });
    const failing = transaction(database.pool, async (tx) => {
      await reserve(tx, { orderId: randomId(), eventUuid: randomUUID(), lines: [{ sku: 'j1', quantity: 2 }] });
      throw new Error('after the reservation');
    });
    await expect(failing).rejects.toThrow('after the reservation');
    expect(await left('j1')).toBe(2);
  });
});
