import type { Mailer } from './mailer.ts';
import type { OutboundHttp } from './outbound-http.ts';

/** What agents may use; made once by the worker, given to every agent's `actions`. */
export interface AgentDependencies {
  readonly mailer: Mailer;
  readonly http: OutboundHttp;
  /** Where the warehouse takes orders, and the Standard Webhooks secret (`whsec_…`) that signs them. */
  readonly warehouse: { readonly url: string; readonly secret: string };
  readonly now: () => Date;
}
