import { isJsonObject } from '../contracts/json.ts';
import type { JsonValue } from '../contracts/json.ts';
import type { Locator } from '../contracts/webhook.ts';
import { toIdText } from '../events/_payload.ts';
import { hmac, signHmac } from './_hmac.ts';
import type { HmacScheme } from './_hmac.ts';
import { locate, locateId, valueAt } from './_locate.ts';
import { hooklineSamples } from './_samples/hookline.ts';
import { toTime } from './_time.ts';
import { defineProvider } from './define-provider.ts';
import type { IdentifyInput } from './define-provider.ts';

const scheme = { header: 'X-Webhook-Signature', prefix: 'sha256=', algorithm: 'sha256', encoding: 'hex' } as const satisfies HmacScheme;

/** Where things stand when the source does not say otherwise: the first place that has the thing counts. */
const DEFAULTS = {
  id: [{ pointer: '/event_id' }, { header: 'X-Webhook-Id' }],
  type: [{ pointer: '/event_type' }, { header: 'X-Webhook-Event' }],
  time: [{ pointer: '/occurred_at' }],
} as const satisfies Record<string, readonly Locator[]>;

/**
 * The generic provider, for senders that have no contract of their own: `X-Webhook-Signature: sha256=<hex>` over the raw body.
 * A header is outside the signature: an id in a header can be changed by whoever holds a captured request; one in the body cannot.
 */
export default defineProvider({
  name: 'hookline',
  verify: hmac(scheme),
  sign: signHmac(scheme),
  identify(input) {
    const { options } = input;
    return [
      {
        ...locateId(input, DEFAULTS.id),
        type: toIdText(locate(input, options.type, DEFAULTS.type)?.value),
        occurredAt: toTime(locate(input, options.time, DEFAULTS.time)?.value),
        payload: payloadOf(input),
        ...(isMarkedAsTest(input.json) ? { test: true } : {}),
      },
    ];
  },
  sample: hooklineSamples,
});

/** What the source says; else `data` of an envelope with `event_id` or `event_type`; else the whole body. */
function payloadOf(input: IdentifyInput): JsonValue {
  const { json, options } = input;
  if (options.data !== undefined) return valueAt(input, options.data) ?? null;
  return dataOfEnvelope(json) ?? json;
}

/** Whether `test: true` stands beside the data of an envelope; in any other body a field of that name is its sender's own. */
function isMarkedAsTest(json: JsonValue): boolean {
  return dataOfEnvelope(json) !== undefined && isJsonObject(json) && Object.hasOwn(json, 'test') && json['test'] === true;
}

function dataOfEnvelope(json: JsonValue): JsonValue | undefined {
  const isEnvelope = isJsonObject(json) && (Object.hasOwn(json, 'event_id') || Object.hasOwn(json, 'event_type'));
  const data = isEnvelope && Object.hasOwn(json, 'data') ? json['data'] : undefined;
  return typeof data === 'object' && data !== null ? data : undefined;
}
