import type { JsonObject } from '../contracts/json.ts';
import { putCrmProfile } from '../store/customers.ts';
import type { Pool } from '../store/pool.ts';
import type { CrmAdapter } from './crm-adapter.ts';

/** The CRM of those who have none: the table `crm_profiles`, in which an older profile never overwrites a newer one. */
export function createTableCrm({ pool }: { readonly pool: Pool }): CrmAdapter {
  return {
    async upsert({ customerId, revision, profile, onSending }) {
      await onSending();
      const stands = await putCrmProfile(pool, { externalId: customerId, revision, profile: profile as JsonObject }); // what is absent JSON leaves out
      return stands ? 'written' : 'superseded';
    },
  };
}
