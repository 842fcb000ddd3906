import { createHmac } from 'node:crypto';

/** What is signed. */
export interface StandardWebhook {
  /** The same for every sending of one message. */
  readonly id: string;
  readonly body: string;
  /** `whsec_` and base64. */
  readonly secret: string;
  readonly now: Date;
}

/** The three headers of Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, version `v1`. */
export function signStandardWebhook({ id, body, secret, now }: StandardWebhook): {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
} {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
