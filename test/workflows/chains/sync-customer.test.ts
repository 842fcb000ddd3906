import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import customer from '../../../src/entities/customer.ts';
import type { MergedProfile, ProfileAt } from '../../../src/activities/agents/crm.ts';
import type { Customer } from '../../../src/events/_customer.ts';
import syncCustomer from '../../../src/workflows/chains/sync-customer.ts';
import { customerUpdated } from '../../../scripts/record/sample-customer.ts';
import { playChain } from '../../support/play-chain.ts';

const profileAt = (revision: number) => ({ customerId: 'shop:42', revision, profile: { name: `at ${revision}`, updatedAt: '' } });
const merged = { ...profileAt(1), superseded: false };

describe('sync-customer', () => {
  it('merges, sends, and makes sure that it was the newest', async () => {
    const event = customerUpdated();
    const played = await playChain(syncCustomer, event, { 'crm.mergeProfile': merged, 'crm.newestProfile': profileAt(1) });
    expect(played.calls).toEqual([
      { action: 'crm.mergeProfile', input: event.data },
      { action: 'crm.upsertProfile', input: profileAt(1) },
      { action: 'crm.newestProfile', input: { customerId: 'shop:42', sends: 1 } },
    ]);
    expect(played.result).toEqual({ customerId: 'shop:42', outcome: 'synced', sends: 1 });
  });

  it('sends nothing of a change that came too late', async () => {
    const played = await playChain(syncCustomer, customerUpdated(), { 'crm.mergeProfile': { ...merged, superseded: true } });
    expect(played.calls).toHaveLength(1);
    expect(played.result).toEqual({ customerId: 'shop:42', outcome: 'superseded', sends: 0 });
  });

  it('sends the newest after what was overtaken', async () => {
    const played = await playChain(syncCustomer, customerUpdated(), { 'crm.mergeProfile': merged, 'crm.newestProfile': profileAt(3) });
    expect(played.calls.filter(({ action }) => action === 'crm.upsertProfile').map(({ input }) => input)).toEqual([
      profileAt(1),
      profileAt(3),
    ]);
    expect(played.result).toMatchObject({ sends: 2 });
  });

  it('says which customer it is', () => {
    expect(syncCustomer.summary(customerUpdated())).toBe('Customer shop:42');
  });
});

describe('many changes of one customer at once', () => {
  const changes = fc.array(
    fc.record({
      name: fc.option(fc.constantFrom('Ada', 'Grace'), { nil: undefined }),
      phone: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
      updatedAt: fc.constantFrom('2026-11-24T12:00:00.000Z', '2026-11-24T12:00:01.000Z', '2026-11-24T12:00:02.000Z'),
    }),
    { minLength: 1, maxLength: 5 },
  );

  it('leave a CRM that takes whatever comes with the newest, however their steps mix, with steps done twice', async () => {
    await fc.assert(
      fc.asyncProperty(changes, fc.scheduler(), fc.infiniteStream(fc.boolean()), async (items, scheduler, twice) => {
        const world = createWorld(
          async (step) => scheduler.schedule(Promise.resolve(), step),
          () => twice.next().value === true,
        );
        const runs = items.map(({ name, phone, updatedAt }, index) => {
          const event = { ...customerUpdated(), id: `event-${index}`, data: toChange({ name, phone, updatedAt }) };
          return playChain(syncCustomer, event, world.answersOf(event.id));
        });
        const played = await scheduler.waitFor(Promise.all(runs));
        expect(played.map(({ error }) => error)).toEqual(items.map(() => undefined));
        expect(world.crm()).toEqual(world.newest());
        expect(world.newest()).toEqual(mergeInOrder(items.map(toChange)));
      }),
      { numRuns: 1_000 },
    );
  });
});

type State = Parameters<typeof customer.merge>[0];

/** Our tables and a CRM without any guard; `turn` waits until the step may go on, `again` says whether an attempt is lost after it was taken. */
function createWorld(turn: (step: string) => Promise<void>, again: () => boolean) {
  let state: State = { fields: {}, versions: {} };
  let revision = 0;
  let standing: unknown;
  const newest = (): ProfileAt => ({ customerId: 'shop:42', revision, profile: { updatedAt: '', ...state.fields } });
  const put = async (profile: ProfileAt): Promise<object> => {
    await turn('look whether it is the newest');
    if (revision > profile.revision) return { outcome: 'superseded' };
    await turn('reach the CRM');
    standing = profile.profile;
    await turn('hear of it');
    return again() ? put(profile) : { outcome: 'written' };
  };
  return {
    crm: () => standing,
    newest: () => newest().profile,
    answersOf: (eventId: string) => ({
      'crm.mergeProfile': async (change: Customer): Promise<MergedProfile> => {
        await turn('merge');
        const { superseded, next } = merge(state, change, eventId);
        if (!superseded) revision += 1;
        state = next;
        return { ...newest(), superseded };
      },
      'crm.upsertProfile': put,
      'crm.newestProfile': async () => {
        await turn('look again');
        return newest();
      },
    }),
  };
}

function merge(
  state: State,
  { email, name, phone, updatedAt }: Customer,
  eventId: string,
): { readonly next: State; readonly superseded: boolean } {
  const fields = { email, name, phone, updatedAt };
  const { superseded, ...next } = customer.merge(state, { agent: 'event', version: { time: updatedAt, rank: 0, eventId }, fields });
  return { next, superseded: superseded.length === Object.values(fields).filter((value) => value !== undefined).length };
}

function mergeInOrder(changes: readonly Customer[]): object {
  const start: State = { fields: {}, versions: {} };
  return changes.reduce((state, change, index) => merge(state, change, `event-${index}`).next, start).fields;
}

function toChange({
  name,
  phone,
  updatedAt,
}: {
  readonly name: string | undefined;
  readonly phone: string | undefined;
  readonly updatedAt: string;
}): Customer {
  return { id: 'shop:42', ...(name === undefined ? {} : { name }), ...(phone === undefined ? {} : { phone }), updatedAt };
}
