import { sha256 } from '../contracts/ids.ts';
import { atPointer, isJsonObject } from '../contracts/json.ts';
import type { JsonValue } from '../contracts/json.ts';
import type { Locator } from '../contracts/webhook.ts';
import { toIdText } from '../events/_payload.ts';
import { hmac, signHmac } from './_hmac.ts';
import type { HmacScheme } from './_hmac.ts';
import { toTime } from './_time.ts';
import { defineProvider } from './define-provider.ts';
import type { IdentifyInput, Sample, SampleContext } from './define-provider.ts';

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
    const { options, body } = input;
    return [
      {
        id: options.id === 'bodyHash' ? sha256(body).toString('hex') : toIdText(find(input, options.id, DEFAULTS.id)),
        type: toIdText(find(input, options.type, DEFAULTS.type)),
        occurredAt: toTime(find(input, options.time, DEFAULTS.time)),
        payload: payloadOf(input),
      },
    ];
  },
  sample: { 'order.created': sampleOrder },
});

/** The first of the places that has something; the source's own place alone where it names one. */
function find(input: IdentifyInput, own: Locator | undefined, defaults: readonly Locator[]): JsonValue | undefined {
  for (const locator of own === undefined ? defaults : [own]) {
    const value = locate(input, locator);
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

function locate({ headers, json }: IdentifyInput, locator: Locator): JsonValue | undefined {
  if ('value' in locator) return locator.value;
  return 'header' in locator ? headers.one(locator.header) : atPointer(json, locator.pointer);
}

/** What the source says; else `data` of an envelope with `event_id` or `event_type`; else the whole body. */
function payloadOf(input: IdentifyInput): JsonValue {
  const { json, options } = input;
  if (options.data !== undefined) return locate(input, options.data) ?? null;
  const isEnvelope = isJsonObject(json) && (Object.hasOwn(json, 'event_id') || Object.hasOwn(json, 'event_type'));
  const data = isEnvelope && Object.hasOwn(json, 'data') ? json['data'] : undefined;
  return typeof data === 'object' && data !== null ? data : json;
}

function sampleOrder({ now, id }: SampleContext): Sample {
  return {
    headers: { 'Content-Type': 'application/json' },
    body: {
      event_id: `evt_${id}`,
      event_type: 'order.created',
      occurred_at: now.toISOString(),
      data: {
        order_id: `ord_${id}`,
        customer_email: 'ada@example.com',
        customer_name: 'Ada Lovelace',
        currency: 'EUR',
        total_amount: 52.5,
        items: [
          { sku: 'TEE-BLUE-M', name: 'T-shirt, blue, M', quantity: 2, price: 19.5 },
          { sku: 'MUG-WHITE', name: 'Mug, white', quantity: 1, price: 13.5 },
        ],
        created_at: now.toISOString(),
      },
    },
  };
}
