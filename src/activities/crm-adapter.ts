import type { Customer } from '../events/_customer.ts';
import type { AdapterName } from '../store/stops.ts';

/** What is known of a customer, as the CRM gets it. */
export type CustomerProfile = Omit<Customer, 'id'>;

/** One profile on its way to the CRM. */
export interface CrmWrite {
  /** The customer's id with its system: the CRM's external id. */
  readonly customerId: string;
  /** Greater for each newer profile of the customer. */
  readonly revision: number;
  readonly profile: CustomerProfile;
  /** The same for every attempt and repair of this write: fit as an idempotency key. */
  readonly key: string;
  /** Awaited right before the profile can reach the CRM. */
  readonly onSending: (adapter: AdapterName) => Promise<void>;
  readonly signal: AbortSignal;
}

/** A CRM that keeps one profile for each external id. */
export interface CrmAdapter {
  /**
   * Writes the profile over whatever stands under its id, or makes it; `superseded` where a newer one is known already, and
   * then nothing is written. Throws an `EffectFailure` that tells whether the profile may have arrived.
   */
  upsert(write: CrmWrite): Promise<'written' | 'superseded'>;
}
