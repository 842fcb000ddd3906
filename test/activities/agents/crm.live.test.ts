import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import crm, { type MergedProfile, type ProfileAt } from '../../../src/activities/agents/crm.ts';
import type { StateAction } from '../../../src/activities/define-agent.ts';
import type { AgentDependencies } from '../../../src/activities/dependencies.ts';
import { performState } from '../../../src/activities/state-ledger.ts';
import type { Customer } from '../../../src/events/_customer.ts';
import { createDatabase, type TestDatabase } from '../../support/database.ts';
import { callOf, from } from '../../support/ledger-calls.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

const { mergeProfile, newestProfile } = crm.actions({} as AgentDependencies); // these two look at nothing of it

async function perform(
  action: unknown,
  input: unknown,
  facts: { readonly eventId?: string; readonly source?: string } = {},
): Promise<unknown> {
  const performance = { ...from(randomUUID(), callOf({ action: 'crm.test', ledger: 'sync-customer', ...facts }), input) };
  const untyped = action as StateAction<unknown, unknown>; // its types forgotten
  return (await performState(database.pool, { ...performance, action: untyped, dryAction: untyped })).result;
}
const merge = (change: Customer, facts: { readonly eventId?: string; readonly source?: string } = {}) =>
  perform(mergeProfile, change, facts) as Promise<MergedProfile>; // what the action gives
const newest = (customerId: string, sends = 1) => perform(newestProfile, { customerId, sends }) as Promise<ProfileAt>; // likewise
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

describe('mergeProfile', () => {
  it('merges changes, and counts each that changes anything', async () => {
    const id = randomUUID();
    expect(await merge({ id, name: 'Ada', phone: '1', updatedAt: at(1) }, { eventId: 'a' })).toEqual({
      customerId: id,
      revision: 1,
      superseded: false,
      profile: { name: 'Ada', phone: '1', updatedAt: at(1) },
    });
    expect(await merge({ id, phone: null, updatedAt: at(2) }, { eventId: 'b' })).toMatchObject({
      revision: 2,
      profile: { name: 'Ada', phone: null, updatedAt: at(2) },
    });
  });

  it('says of a change that came too late that it is superseded, and leaves all as it is', async () => {
    const id = randomUUID();
    await merge({ id, name: 'newer', updatedAt: at(2) }, { eventId: 'a' });
    expect(await merge({ id, name: 'older', updatedAt: at(1) }, { eventId: 'b' })).toEqual({
      customerId: id,
      revision: 1,
      superseded: true,
      profile: { name: 'newer', updatedAt: at(2) },
    });
  });

  it('takes from a late change what no newer one speaks of, without making the profile older', async () => {
    const id = randomUUID();
    await merge({ id, name: 'newer', updatedAt: at(2) }, { eventId: 'a' });
    expect(await merge({ id, name: 'older', email: 'a@example.com', updatedAt: at(1) }, { eventId: 'b' })).toMatchObject({
      revision: 2,
      superseded: false,
      profile: { name: 'newer', email: 'a@example.com', updatedAt: at(2) },
    });
  });

  it.each([
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    [
      ['a', 'a-b'],
      ['a-b', 'a'],
    ],
  ])('lets the greater event id decide between equal times: %j and %j', async (...orders) => {
    for (const order of orders) {
      const id = randomUUID();
      for (const eventId of order) await merge({ id, name: eventId, updatedAt: at(1) }, { eventId });
      expect((await newest(id)).profile.name).toBe(order.toSorted().at(-1));
    }
  });

  it('decides the same way between events of two sources that have one id', async () => {
    const names = await Promise.all(
      [
        ['erp', 'shop'],
        ['shop', 'erp'],
      ].map(async (sources) => {
        const id = randomUUID();
        for (const source of sources) await merge({ id, name: source, updatedAt: at(1) }, { eventId: 'same', source });
        return (await newest(id)).profile.name;
      }),
    );
    expect(names).toEqual(['shop', 'shop']);
  });

  it('gives changes that come at once revisions of their own, the greatest to the state that stands', async () => {
    const id = randomUUID();
    const merged = await Promise.all(
      Array.from({ length: 12 }, (_, index) => merge({ id, name: `n${index}`, updatedAt: at(index) }, { eventId: `e${index}` })),
    );
    const changed = merged.filter(({ superseded }) => !superseded);
    expect(new Set(changed.map(({ revision }) => revision)).size).toBe(changed.length);
    expect(changed.toSorted((a, b) => a.revision - b.revision).at(-1)).toMatchObject({ profile: { name: 'n11' } });
    expect(await newest(id)).toMatchObject({ revision: changed.length, profile: { name: 'n11', updatedAt: at(11) } });
  });
});

describe('newestProfile', () => {
  it('gives up after twenty sendings, each of them overtaken', async () => {
    await expect(newest('shop:1', 20)).rejects.toMatchObject({ code: 'crm.unsettled' });
    expect(await newest('shop:1', 19)).toMatchObject({ customerId: 'shop:1', revision: 0 });
  });
});
