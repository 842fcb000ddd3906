import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import shopify from '../../src/providers/shopify.ts';

const NOW = new Date('2026-11-24T12:00:00Z');

function identify(headers: readonly string[], json = {}) {
  return shopify.identify({ headers: toDeliveryHeaders(headers), json, body: Buffer.from('{}'), options: {}, receivedAt: NOW })[0];
}

it('verifies a signature that OpenSSL has made', () => {
  // printf '{"foo": "bar"}' | openssl dgst -sha256 -hmac 'shpss_0123456789abcdef' -binary | base64
  const request = {
    headers: toDeliveryHeaders(['X-Shopify-Hmac-Sha256', '5IwPaHahE/6mC0aCP1IiNjO44J6kh0fyAtmiILWWzQI=']),
    body: Buffer.from('{"foo": "bar"}'),
  };
  expect(shopify.verify(request, { secrets: ['shpss_0123456789abcdef'], now: NOW })).toEqual({ ok: true, secretIndex: 0 });
});

it('signs the bytes as they came: an escaped slash is not a slash', () => {
  const body = readFileSync(new URL('../fixtures/shopify/orders-create-web.json', import.meta.url));
  const headers = toDeliveryHeaders(Object.entries(shopify.sign({ body, secret: 's', now: NOW })).flat());
  expect(shopify.verify({ headers, body }, { secrets: ['s'], now: NOW }).ok).toBe(true);
  expect(shopify.verify({ headers, body: Buffer.from(JSON.stringify(JSON.parse(body.toString()))) }, { secrets: ['s'], now: NOW }).ok).toBe(
    false,
  );
});

describe('identify', () => {
  it("takes the event's id before the delivery's", () => {
    expect(identify(['X-Shopify-Event-Id', 'e', 'X-Shopify-Webhook-Id', 'w'])?.id).toBe('e');
    expect(identify(['X-Shopify-Webhook-Id', 'w'])?.id).toBe('w');
    expect(identify(['X-Shopify-Event-Id', '', 'X-Shopify-Webhook-Id', 'w'])?.id).toBe('w');
    expect(identify([])?.id).toBeUndefined();
  });

  it('takes topic and time from the headers', () => {
    expect(identify(['X-Shopify-Topic', 'orders/create', 'X-Shopify-Triggered-At', '2026-11-24T11:59:58.123456789Z'])).toMatchObject({
      type: 'orders/create',
      occurredAt: new Date('2026-11-24T11:59:58.123Z'),
    });
  });

  it('marks test orders, and nothing else', () => {
    expect(identify([], { test: true })?.test).toBe(true);
    for (const json of [{ test: false }, { test: 'true' }, {}, [], null]) expect(identify([], json as object)?.test).toBe(false);
  });
});
