import standardWebhooks from '../providers/standard-webhooks.ts';

/** What is signed. */
export interface StandardWebhook {
  /** The same for every sending of one message. */
  readonly id: string;
  readonly body: string;
  /** `whsec_` and base64. */
  readonly secret: string;
  readonly now: Date;
}

/** The three headers of Standard Webhooks 1.0, signed as the provider of that name would verify them. */
export function signStandardWebhook({ id, body, secret, now }: StandardWebhook): Readonly<Record<string, string>> {
  const named = { 'webhook-id': id };
  return { ...named, ...standardWebhooks.sign({ body: Buffer.from(body), secret, now, headers: named }) };
}
