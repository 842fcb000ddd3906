import { expect, test } from 'vitest';
import { listDeliveries } from '../../src/cli/list-deliveries.ts';
import type { DeliveryFilter, DeliveryRow } from '../../src/store/deliveries.ts';

/** 2,500 rows, the newest first; every hundredth was refused. */
const rows = Array.from({ length: 2_500 }, (_item, index): DeliveryRow => ({
  id: String(9_999 - index),
  source: 'shop',
  receivedAt: new Date(0),
  remoteAddress: null,
  headers: [],
  bodySha256: Buffer.alloc(32),
  bodyBytes: 0,
  outcome: index % 100 === 99 ? 'refused' : 'accepted',
  httpStatus: index % 100 === 99 ? 401 : 200,
  code: index % 100 === 99 ? 'signature.mismatch' : null,
  detail: null,
  eventIds: [],
  secretIndex: null,
  bodyDiffers: false,
}));

function listing() {
  const asked: DeliveryFilter[] = [];
  return {
    asked,
    list: (filter: DeliveryFilter) => {
      asked.push(filter);
      return Promise.resolve(rows.filter(({ id }) => filter.before === undefined || id < filter.before).slice(0, filter.limit));
    },
  };
}

test('a list without a cause is the store’s own', async () => {
  const store = listing();
  expect(await listDeliveries(store, { limit: 3 })).toEqual(rows.slice(0, 3));
  expect(store.asked).toHaveLength(1);
});

test('a cause is looked for page by page, until there are enough', async () => {
  const store = listing();
  const found = await listDeliveries(store, { cause: 'signature.mismatch', limit: 12 });
  expect(found.map(({ id }) => id)).toEqual(
    rows
      .filter(({ code }) => code !== null)
      .slice(0, 12)
      .map(({ id }) => id),
  );
  expect(store.asked).toHaveLength(2);
});

test('a cause that is rare is looked for to the end', async () => {
  const store = listing();
  expect(await listDeliveries(store, { cause: 'signature.stale', limit: 5 })).toEqual([]);
  expect(store.asked).toHaveLength(3);
});
