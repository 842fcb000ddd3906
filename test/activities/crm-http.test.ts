import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CrmWrite } from '../../src/activities/crm-adapter.ts';
import { createHttpCrm, type HttpCrmOptions } from '../../src/activities/crm-http.ts';
import { createOutboundHttp, type OutboundHttp } from '../../src/activities/outbound-http.ts';
import { startScriptedCrm, type ScriptedCrm } from '../support/scripted-crm.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

let crm: ScriptedCrm;
let http: OutboundHttp;
let newest: number;
let sendings: number;
beforeEach(async () => {
  crm = await startScriptedCrm();
  http = createOutboundHttp({ allow: [new URL(crm.url).origin], now: () => NOW });
  newest = 3;
  sendings = 0;
});
afterEach(() => Promise.all([crm.close(), http.close()]));

function upsert(write: Partial<CrmWrite> = {}, options: Partial<HttpCrmOptions> = {}): Promise<unknown> {
  const adapter = createHttpCrm({ url: crm.url, http, now: () => NOW, newestRevision: async () => newest, ...options });
  return adapter.upsert({
    customerId: 'shop:42',
    revision: 3,
    profile: { name: 'Ada', phone: null, updatedAt: '2026-01-01T00:00:00.000Z' },
    key: 'k1',
    onSending: async () => void (sendings += 1),
    signal: new AbortController().signal,
    ...write,
  });
}

describe('createHttpCrm', () => {
  it('puts the profile as JSON under the external id, with an idempotency key and a token', async () => {
    expect(await upsert({}, { bearer: 'token-1' })).toBe('written');
    expect(crm.requests).toMatchObject([
      {
        path: '/crm/customers/shop%3A42',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'k1', authorization: 'Bearer token-1' },
        body: { externalId: 'shop:42', revision: 3, name: 'Ada', phone: null, updatedAt: '2026-01-01T00:00:00.000Z' },
      },
    ]);
    expect(crm.requests[0]?.headers).not.toHaveProperty('webhook-signature');
    expect(sendings).toBe(1);
  });

  it('signs by Standard Webhooks where it has a secret', async () => {
    await upsert({}, { secret: SECRET });
    const { headers, body } = crm.requests[0] ?? { headers: {}, body: {} };
    const signed = `msg_k1.${NOW.getTime() / 1000}.${JSON.stringify(body)}`;
    expect(headers).toMatchObject({
      'webhook-id': 'msg_k1',
      'webhook-signature': `v1,${createHmac('sha256', Buffer.alloc(32, 7)).update(signed).digest('base64')}`,
    });
    expect(headers).not.toHaveProperty('authorization');
  });

  it('does not send what a newer profile has overtaken', async () => {
    newest = 4;
    expect(await upsert()).toBe('superseded');
    expect([crm.requests, sendings]).toEqual([[], 0]);
  });

  it.each([
    ['shop:../../admin', '/crm/customers/shop%3A..%2F..%2Fadmin'],
    ['shop:a/b?c#d', '/crm/customers/shop%3Aa%2Fb%3Fc%23d'],
    ['shop:ä ö', '/crm/customers/shop%3A%C3%A4%20%C3%B6'],
  ])('keeps an id one segment of the path: %s', async (customerId, path) => {
    await upsert({ customerId });
    expect(crm.requests).toMatchObject([{ path, id: customerId }]);
  });

  it.each([
    ['with a slash at its end', '/', '/crm/customers/shop%3A42'],
    ['with a query', '?tenant=7', '/crm/customers/shop%3A42?tenant=7'],
  ])('takes a URL %s', async (_name, end, path) => {
    await upsert({}, { url: `${crm.url}${end}` });
    expect(crm.requests).toMatchObject([{ path }]);
  });

  it.each([
    [400, { code: 'http.refused', happened: 'no' }],
    [409, { code: 'http.refused', happened: 'no' }],
    [500, { code: 'http.unavailable', happened: 'no' }],
    [429, { code: 'http.unavailable', happened: 'no', retryAfterMs: 7_000 }],
  ])('turns %i into the right failure', async (status, failure) => {
    crm.answers.push({ status, headers: { 'retry-after': '7' } });
    await expect(upsert()).rejects.toMatchObject(failure);
  });

  it('does not call when it may not say that it is sending', async () => {
    await expect(upsert({ onSending: () => Promise.reject(new Error('fenced')) })).rejects.toThrow('fenced');
    expect(crm.requests).toEqual([]);
  });
});
