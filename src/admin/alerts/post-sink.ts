import type { OutboundHttp } from '../../activities/outbound-http.ts';
import { signStandardWebhook } from '../../activities/standard-webhook.ts';
import type { AlertSink } from './alert-sink.ts';
import { writeMessage } from './write-message.ts';

/** Where to post, and how. */
export interface PostSinkOptions {
  /** A secret where it is Slack's: only its origin is ever written down. */
  readonly url: string;
  /** `whsec_…`, for receivers that verify Standard Webhooks. @default not signed */
  readonly secret: string | undefined;
  readonly http: OutboundHttp;
  readonly now: () => Date;
}

/**
 * Posts alerts as `{ text, alerts: [{ rule, target, since, count, state }] }`: Slack and its like show the text, programs read the rest.
 * `Idempotency-Key` and `webhook-id` are the same for every sending of one message.
 */
export function createPostSink({ url, secret, http, now }: PostSinkOptions): AlertSink {
  return {
    name: 'post',
    kind: 'post',
    async send({ id, items }, signal) {
      const { subject, text } = writeMessage(items);
      const alerts = items.map(({ rule, target, since, count, state }) => ({ rule, target, since, count, state }));
      const body = JSON.stringify({ text: `${subject}\n${text}`, alerts });
      const signature = secret === undefined ? {} : signStandardWebhook({ id: `msg_${id}`, body, secret, now: now() });
      await http.call({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json', 'idempotency-key': id, ...signature },
        body,
        signal,
      });
    },
  };
}
