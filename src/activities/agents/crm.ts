import customer from '../../entities/customer.ts';
import { HooklineError } from '../../contracts/errors.ts';
import type { Customer } from '../../events/_customer.ts';
import { raiseRevision, readRevision } from '../../store/customers.ts';
import type { CustomerProfile } from '../crm-adapter.ts';
import { defineAgent, effectAction, stateAction, type StateTx } from '../define-agent.ts';
import { mergeEntity, type EntityWriting } from '../merge-entity.ts';

/** A customer's profile at one of its revisions. */
export interface ProfileAt {
  readonly customerId: string;
  /** From 1, and greater for each newer profile of the customer. */
  readonly revision: number;
  readonly profile: CustomerProfile;
}

/** What a change has made of a profile. */
export interface MergedProfile extends ProfileAt {
  /** True where newer changes had said all that this one says; whoever made them sends them. */
  readonly superseded: boolean;
}

/** Whose profile, and how often it was sent. */
export interface NewestProfileInput {
  readonly customerId: string;
  readonly sends: number;
}

/** After this many sendings, each of them overtaken, a run gives up: the changes come faster than the CRM takes them. */
const MAX_SENDS = 20;

/** Customers: what is known of each, in our own tables, and the CRM, which gets it. */
export default defineAgent({
  name: 'crm',
  actions: (deps) => ({
    /** Merges a change into what is known of the customer: of each thing the newest change stands, whatever the order in which they come. */
    mergeProfile: stateAction(async ({ id, updatedAt, ...fields }: Customer, tx): Promise<MergedProfile> => {
      const write = { agent: 'event', time: updatedAt, fields: { ...fields, updatedAt } };
      const { superseded, ...merged } = await mergeCustomer(tx, id, [write]);
      const revision = superseded ? await readRevision(tx.db, id) : await raiseRevision(tx.db, id);
      return { customerId: id, superseded, revision, ...merged };
    }),

    /** Writes a profile to the CRM, over whatever stands there; one that was overtaken is not sent. */
    upsertProfile: effectAction(
      { policy: 'atLeastOnce' },
      async ({ customerId, revision, profile }: ProfileAt, { effectKey, sending, signal }) => ({
        outcome: await deps.crm.upsert({ customerId, revision, profile, key: effectKey, onSending: sending, signal }),
      }),
    ),

    /** The newest profile of a customer: whoever has sent an older one meanwhile sends this one too. */
    newestProfile: stateAction(async ({ customerId, sends }: NewestProfileInput, tx): Promise<ProfileAt> => {
      const { profile } = await mergeCustomer(tx, customerId, []); // holds the customer still, so that profile and revision belong together
      const revision = await readRevision(tx.db, customerId);
      if (sends >= MAX_SENDS) throw new HooklineError('crm.unsettled', { got: `${sends} sendings`, where: '`crm.newestProfile`' });
      return { customerId, revision, profile };
    }),
  }),
});

async function mergeCustomer(
  tx: StateTx,
  id: string,
  writes: readonly EntityWriting<typeof customer.fields>[],
): Promise<{ readonly superseded: boolean; readonly profile: CustomerProfile }> {
  const { fields, superseded } = await mergeEntity(tx, { entity: customer, id, writes });
  const { updatedAt = '', ...known } = fields; // it stands as soon as anything does
  return { superseded, profile: { ...known, updatedAt } };
}
