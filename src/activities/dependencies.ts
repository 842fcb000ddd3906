import type { SegmentRule } from '../contracts/settings-segments.ts';
import type { CrmAdapter } from './crm-adapter.ts';
import type { Mailer } from './mailer.ts';
import type { OutboundHttp } from './outbound-http.ts';
import type { TeamNotices } from './team-notice.ts';

/** What agents may use; made once by the worker, given to every agent's `actions`. */
export interface AgentDependencies {
  readonly mailer: Mailer;
  readonly http: OutboundHttp;
  /** Where the warehouse takes orders, and the Standard Webhooks secret (`whsec_…`) that signs them. */
  readonly warehouse: { readonly url: string; readonly secret: string };
  /** The support team's channel. */
  readonly teamNotices: TeamNotices;
  /** The marketing agent's rules. */
  readonly segmentRules: readonly SegmentRule[];
  /** Where customer profiles go. */
  readonly crm: CrmAdapter;
  readonly now: () => Date;
}
