import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { sha256 } from '../../src/contracts/ids.ts';
import type { DeliveryRow } from '../../src/store/deliveries.ts';
import { postRaw } from '../support/raw-http.ts';
import type { RawResponse } from '../support/raw-http.ts';
import { answerOf, badInputs, headersOf, keptBodyOf } from './bad-input-cases.ts';
import { SHOP, sign } from './ingress-fixture.ts';
import { startStoredIngress } from './stored-ingress.ts';
import type { StoredIngress } from './stored-ingress.ts';

const path = '/webhooks/shop';
const answers = new Map<string, RawResponse>();
const rows = new Map<string, DeliveryRow>();
const neighbours = badInputs.map((_, index) => ({
  name: `neighbour ${index}`,
  body: JSON.stringify({ event_id: `neighbour-${index}`, event_type: 'test.made', data: '\u00e4'.repeat(index) }),
}));

let test: StoredIngress;
beforeAll(async () => {
  test = await startStoredIngress([SHOP]);
  // All at once, each beside a sound one, so that they meet in the same statements.
  await Promise.all([
    ...badInputs.map(async (input) =>
      answers.set(input.name, await postRaw(test.port, { path, headers: [...headersOf(input), ['X-Case', input.name]], body: input.body })),
    ),
    ...neighbours.map(async ({ name, body }) =>
      answers.set(name, await postRaw(test.port, { path, headers: [sign(body), ['X-Case', name]], body })),
    ),
  ]);
  await test.settle(); // refusals are written behind their answers
  for (const row of await test.store.deliveries.list({ source: 'shop', limit: 10_000 }))
    rows.set(new Map(row.headers).get('x-case') ?? '', row);
});
afterAll(() => test.close());

describe('bad input on a real store', () => {
  it('is a row for each request, and none is counted only', async () => {
    expect(rows.size).toBe(badInputs.length + neighbours.length);
    expect(await test.store.deliveries.refusalCounts({})).toEqual([]);
  });

  it.each(badInputs.map((input) => [input.name, input] as const))('is answered and stored as it must be: %s', async (name, input) => {
    const answer = answers.get(name);
    expect(answer?.status).toBe(input.status);
    expect(JSON.parse(answer?.body ?? '')).toMatchObject(answerOf(input));
    const row = rows.get(name);
    const isTaken = input.status === 200;
    expect([row?.outcome, row?.httpStatus]).toEqual([isTaken ? input.row : 'refused', input.status]);
    const kept = keptBodyOf(input);
    expect((await test.store.deliveries.body(row?.id ?? '')) ?? null).toEqual(kept);
    const hashed = kept ?? (input.status === 401 ? Buffer.from(input.body) : Buffer.alloc(0)); // of what was refused by its size nothing is read
    expect([row?.bodyBytes, row?.bodySha256]).toEqual([hashed.length, sha256(hashed)]);
  });

  it.each(badInputs.filter(({ status }) => status !== 200).map((input) => [input.name, input] as const))(
    'has its cause in its row when it is refused: %s',
    (name, input) => {
      expect(rows.get(name)?.code).toBe(input.row);
    },
  );

  it.each(badInputs.filter(({ status }) => status === 200).map((input) => [input.name, input] as const))(
    'is an event that is found again when it is taken: %s',
    async (name, input) => {
      const [eventId = ''] = rows.get(name)?.eventIds ?? [];
      expect(JSON.parse(answers.get(name)?.body ?? '')).toMatchObject({ eventId });
      expect(await test.store.events.find(eventId)).toMatchObject([{ source: 'shop', eventId, state: input.row }]);
    },
  );

  it('harms no neighbour', async () => {
    for (const { name, body } of neighbours) {
      expect(answers.get(name)).toMatchObject({ status: 200, body: expect.stringContaining('"status":"ignored"') as unknown }); // vitest types matchers as any
      expect((await test.store.deliveries.body(rows.get(name)?.id ?? ''))?.toString()).toBe(body);
    }
  });
});
