import type { DemoMaker } from '../demo-maker.ts';
import type { DemoEffect, DemoExpectation, DemoStory } from '../demo-story.ts';
import { sampleText } from '../sample-text.ts';

/** How long ago each change was made. */
const NEWER = 2;
const OLDER = 30;

/** A customer of Shopify changes, and an older change comes after the newer one: the CRM keeps the newer. A generic sender tells of another customer. */
export function customerUpdatedStory(maker: DemoMaker): DemoStory {
  const changeOf = (minutesAgo: number, phone: string) =>
    maker.sample('shopify', 'customers/update', { seed: maker.newSeed(), minutesAgo, set: { phone } });
  const newer = changeOf(NEWER, '+442079460001');
  const older = changeOf(OLDER, '+442079460002');
  const generic = maker.sample('hookline', 'customer.updated', {
    seed: maker.newSeed(),
    minutesAgo: NEWER,
    set: { 'data.email': 'grace@example.com', 'data.name': 'Grace Hopper', 'data.phone': '+12025550142' },
  });
  const shopper = {
    customer: `shopify:${sampleText(newer.body, '/id')}`,
    name: 'Ada Lovelace',
    phone: '+442079460001',
  };
  const other = {
    customer: `hookline:${sampleText(generic.body, '/data/customer_id')}`,
    name: 'Grace Hopper',
    phone: '+12025550142',
  };
  const known = { revision: 1, updatedAt: maker.minutesAgo(NEWER).toISOString() };
  return {
    title: 'Customer updated',
    webhooks: [
      maker.webhook({ name: 'Shopify: customer changed', source: 'shopify', sample: newer, expected: synced(shopper.customer) }),
      maker.webhook({
        name: 'Shopify: an older change, late',
        source: 'shopify',
        sample: older,
        expected: changed({
          effects: [['crm.mergeProfile', 0]],
          result: { customerId: shopper.customer, outcome: 'superseded', sends: 0 },
          note: 'superseded',
        }),
      }),
      maker.webhook({ name: 'customer of any sender', source: 'hookline', sample: generic, expected: synced(other.customer) }),
    ],
    leaves: {
      profiles: [shopper, other].map(({ customer, name, phone }) => ({ customer, name, phone, ...known })),
      customers: [shopper, other].map(({ customer, phone }) => ({ customer, phone })),
    },
  };
}

function synced(customerId: string): DemoExpectation {
  return changed({
    effects: [
      ['crm.mergeProfile', 0],
      ['crm.upsertProfile', 1],
      ['crm.newestProfile', 0],
    ],
    result: { customerId, outcome: 'synced', sends: 1 },
    note: 'synced',
  });
}

function changed(run: {
  readonly effects: readonly DemoEffect[];
  readonly result: { readonly customerId: string; readonly outcome: string; readonly sends: number };
  readonly note: string;
}): DemoExpectation {
  return { status: 'accepted', type: 'customer.updated', run: { chain: 'sync-customer', ...run } };
}
