import { defineChain } from '../define-chain.ts';

/**
 * A change of a customer: merges it into what is known, and brings the CRM up to that. A change that came too late is merged
 * and not sent. What was overtaken while it was under way is followed by its newest form, whoever else sends that: the CRM may
 * have taken the two in the wrong order.
 */
export default defineChain({
  name: 'sync-customer',
  on: 'customer.updated',
  summary: ({ data }) => `Customer ${data.id}`,

  async run({ data: change }, { agents }) {
    const customerId = change.id;
    const { superseded, ...merged } = await agents.crm.mergeProfile(change);
    if (superseded) return { customerId, outcome: 'superseded', sends: 0 };
    let profile = merged;
    for (let sends = 1; ; sends += 1) {
      await agents.crm.upsertProfile(profile);
      const newest = await agents.crm.newestProfile({ customerId, sends });
      if (newest.revision === profile.revision) return { customerId, outcome: 'synced', sends };
      profile = newest;
    }
  },
});
