import type { CrmAdapter } from './crm-adapter.ts';
import type { OutboundHttp } from './outbound-http.ts';
import { signStandardWebhook } from './standard-webhook.ts';

/** How to reach a CRM over HTTP. */
export interface HttpCrmOptions {
  /** Profiles are put to this URL and `/<external id>`, percent-encoded. */
  readonly url: string;
  /** Sent as `Authorization: Bearer …` (RFC 6750). */
  readonly bearer?: string | undefined;
  /** Signs by Standard Webhooks: `whsec_…`. */
  readonly secret?: string | undefined;
  readonly http: OutboundHttp;
  readonly now: () => Date;
  /** The newest revision of a customer that we know of. */
  readonly newestRevision: (customerId: string) => Promise<number>;
}

/**
 * A CRM that takes `PUT <url>/<external id>` with JSON and makes or replaces the profile. A profile that has been overtaken is
 * not sent; after one that is overtaken while it is under way the caller must send the newest, since the CRM may take the two in
 * the wrong order. `Idempotency-Key` is the same for every sending of one write; a CRM that compares `revision` can ignore an older one.
 */
export function createHttpCrm({ url, bearer, secret, http, now, newestRevision }: HttpCrmOptions): CrmAdapter {
  return {
    async upsert({ customerId, revision, profile, key, onSending, signal }) {
      if ((await newestRevision(customerId)) > revision) return 'superseded';
      const body = JSON.stringify({ externalId: customerId, revision, ...profile });
      await onSending('crm');
      await http.call({
        method: 'PUT',
        url: toProfileUrl(url, customerId),
        headers: {
          'content-type': 'application/json',
          'idempotency-key': key,
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(secret === undefined ? {} : signStandardWebhook({ id: `msg_${key}`, body, secret, now: now() })),
        },
        body,
        signal,
      });
      return 'written';
    },
  };
}

/** The id is one segment of the path whatever stands in it; it holds a colon, so that it can never be `..`. */
function toProfileUrl(url: string, customerId: string): string {
  const target = new URL(url);
  target.pathname = `${target.pathname.replace(/\/$/, '')}/${encodeURIComponent(customerId)}`;
  return target.href;
}
