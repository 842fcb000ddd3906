import { createHash } from 'node:crypto';
import { sign as signGithub, verify as verifyGithub } from '@octokit/webhooks-methods';
import '@shopify/shopify-api/adapters/node';
import { ApiVersion, shopifyApi } from '@shopify/shopify-api';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import type { ProviderDefinition } from '../../src/providers/define-provider.ts';
import github from '../../src/providers/github.ts';
import shopify from '../../src/providers/shopify.ts';
import standardWebhooks from '../../src/providers/standard-webhooks.ts';
import stripe from '../../src/providers/stripe.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');
const NOW_S = NOW.getTime() / 1_000;

/** One request, and what it was signed by. */
interface Signed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly secret: string;
}

/** A vendor's own library. */
interface Oracle {
  readonly provider: ProviderDefinition;
  readonly toSecret: (seed: string) => string;
  sign(input: { readonly body: string; readonly secret: string; readonly atSeconds: number }): Promise<Readonly<Record<string, string>>>;
  verify(request: Signed): Promise<boolean>;
}

const standardSecret = (seed: string): string => `whsec_${createHash('sha256').update(seed).digest('base64')}`;
const plainSecret = (seed: string): string => `plain-${createHash('sha256').update(seed).digest('hex')}`;

const oracles: readonly Oracle[] = [
  {
    provider: github,
    toSecret: plainSecret,
    sign: async ({ body, secret }) => ({ 'X-Hub-Signature-256': await signGithub(secret, body) }),
    verify: async ({ headers, body, secret }) => verifyGithub(secret, body, headers['X-Hub-Signature-256'] ?? '').catch(() => false), // it throws where one is empty
  },
  {
    provider: stripe,
    toSecret: (seed) => `whsec_${createHash('sha256').update(seed).digest('hex')}`,
    sign: async ({ body, secret, atSeconds }) => ({
      'Stripe-Signature': Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: atSeconds }),
    }),
    verify: async ({ headers, body, secret }) =>
      isQuiet(() => Stripe.webhooks.constructEvent(body, headers['Stripe-Signature'] ?? '', secret, 300, undefined, NOW.getTime())),
  },
  {
    provider: shopify,
    toSecret: plainSecret,
    // the library verifies only: what it accepts has been signed by us
    sign: async ({ body, secret }) => shopify.sign({ body: Buffer.from(body), secret, now: NOW }),
    verify: async ({ headers, body, secret }) => {
      const api = shopifyApi({
        apiKey: 'key',
        apiSecretKey: secret,
        hostName: 'app.example.com',
        isEmbeddedApp: false,
        apiVersion: ApiVersion.July26,
        logger: { log: () => undefined },
      });
      const topic = {
        'X-Shopify-Topic': 'a/b',
        'X-Shopify-API-Version': '2026-07',
        'X-Shopify-Shop-Domain': 'a.myshopify.com',
        'X-Shopify-Webhook-Id': 'w',
      };
      const rawRequest = { method: 'POST', url: '/', headers: { ...headers, ...topic } };
      return (await api.webhooks.validate({ rawBody: body, rawRequest })).valid;
    },
  },
  {
    provider: standardWebhooks,
    toSecret: standardSecret,
    sign: async ({ body, secret, atSeconds }) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(atSeconds),
      'webhook-signature': new Webhook(secret).sign('msg_1', new Date(atSeconds * 1_000), body),
    }),
    verify: async ({ headers, body, secret }) => isQuiet(() => new Webhook(secret).verify(body, { ...headers })),
  },
];

function isQuiet(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

const bodies = fc.jsonValue().map((value) => JSON.stringify({ value }));
const seeds = fc.string({ minLength: 1, maxLength: 20 });
const textOf = (value: string, flips: readonly (readonly [at: number, to: number])[]): string => {
  const characters = value.split('');
  for (const [at, to] of flips) if (characters.length > 0) characters[at % characters.length] = String.fromCharCode(to);
  return characters.join('');
};
/** What a request may suffer: characters changed, cut, moved in time, another case, another version, another secret. */
const mutations = fc.record({
  header: fc.nat(),
  flips: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0x20, max: 0x7e })), { maxLength: 2 }),
  reform: fc.constantFrom<(value: string) => string>(
    (value) => value,
    (value) => value.toUpperCase(),
    (value) => value.slice(0, -1),
    (value) => `${value}=`,
    (value) => value.replace('v1', 'v0'),
    (value) => value.replace('v1', 'v2'),
    (value) => value.replace('sha256', 'sha1'),
    (value) => value.replaceAll('+', '-').replaceAll('/', '_'),
    (value) => value.replace(/^\w+[=,]/, ''),
    (value) => `${value},${value}`,
    (value) => `${value} ${value}`,
    () => '',
  ),
  bodyFlips: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0x20, max: 0x7e })), { maxLength: 1 }),
  ageSeconds: fc.constantFrom(0, 0, 0, 299, 300, 301, -300, -301, 86_400),
  wrongSecret: fc.boolean(),
});

beforeAll(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] }); // one library has no other clock
});
afterAll(() => {
  vi.useRealTimers();
});

describe.each(oracles)("$provider.name and its vendor's library", ({ provider, toSecret, sign, verify }) => {
  const accepts = ({ headers, body, secret }: Signed): boolean =>
    provider.verify(
      { headers: toDeliveryHeaders(Object.entries(headers).flat()), body: Buffer.from(body) },
      { secrets: [secret], now: NOW },
    ).ok;

  it('accept what the other signs', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, seeds, async (body, seed) => {
        const secret = toSecret(seed);
        expect(accepts({ headers: await sign({ body, secret, atSeconds: NOW_S }), body, secret })).toBe(true);
        expect(await verify({ headers: provider.sign({ body: Buffer.from(body), secret, now: NOW }), body, secret })).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('refuse the same: whatever the library refuses is refused here', async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(bodies, seeds, mutations, async (original, seed, mutation) => {
        const secret = toSecret(seed);
        const signed = await sign({ body: original, secret, atSeconds: NOW_S - mutation.ageSeconds });
        const names = Object.keys(signed);
        const name = names[mutation.header % names.length] ?? '';
        const headers = { ...signed, [name]: mutation.reform(textOf(signed[name] ?? '', mutation.flips)) };
        const request = {
          headers,
          body: textOf(original, mutation.bodyFlips),
          secret: mutation.wrongSecret ? toSecret(`${seed}x`) : secret,
        };
        if (await verify(request)) return;
        refused += 1;
        expect(accepts(request)).toBe(false);
      }),
      { numRuns: 400 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it('agree about the age of what is signed', async () => {
    const secret = toSecret('age');
    for (const ageSeconds of [0, 299, 300, 301, 3_600, -299, -300, -301, -3_600]) {
      const headers = await sign({ body: '{}', secret, atSeconds: NOW_S - ageSeconds });
      expect([ageSeconds, accepts({ headers, body: '{}', secret })]).toEqual([ageSeconds, await verify({ headers, body: '{}', secret })]);
    }
  });
});
