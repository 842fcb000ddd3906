import type { JsonObject } from '../contracts/json.ts';
import { putCrmProfile } from '../store/customers.ts';
import type { Queryable } from '../store/pool.ts';
import type { CrmAdapter } from './crm-adapter.ts';

/** The CRM of those who have none: the table `crm_profiles`, in which an older profile never overwrites a newer one. */
export function createTableCrm({ db }: { readonly db: Queryable }): CrmAdapter {
  return {
    async upsert({ customerId, revision, profile, onSending }) {
      await onSending('crm');
      const stands = await putCrmProfile(db, { externalId: customerId, revision, profile: profile as JsonObject }); // what is absent JSON leaves out
      return stands ? 'written' : 'superseded';
    },
  };
}
