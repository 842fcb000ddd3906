import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '../../src/contracts/webhook.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import type { ProviderDefinition } from '../../src/providers/define-provider.ts';
import type { DeliveryRow } from '../../src/store/deliveries.ts';
import { startStoredIngress } from '../ingress/stored-ingress.ts';
import type { StoredIngress } from '../ingress/stored-ingress.ts';
import { matching } from '../suites/matchers.ts';
import { postRaw } from '../support/raw-http.ts';

const SECRET = 'a-live-secret-of-the-shop-0123456789';
const ALL: readonly ProviderDefinition[] = providers;
const source = (name: string, provider: string, options: Source['options'] = {}): Source => ({
  name,
  provider,
  secrets: [SECRET],
  options,
});
const SOURCES = [
  ...ALL.map(({ name }) => source(name, name)),
  source('patient', 'stripe', { toleranceSeconds: 3_600 }),
  source('svix', 'standard-webhooks'),
];

let test: StoredIngress;
beforeAll(async () => {
  test = await startStoredIngress(SOURCES);
});
afterAll(() => test.close());

const SAMPLES = ALL.flatMap((provider) => Object.keys(provider.sample).map((type) => ({ provider, type })));
let seed = 0;

interface Request {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function signed(provider: ProviderDefinition, type: string, now = new Date()): Request {
  const sample = provider.sample[type]?.({ now, id: `${(seed += 1)}`.padStart(16, '0') });
  const { headers = {}, body = {} } = sample ?? {};
  const text = JSON.stringify(body);
  return { headers: { ...headers, ...provider.sign({ body: Buffer.from(text), secret: SECRET, now, headers }) }, body: text };
}

async function post(name: string, { headers, body }: Request): Promise<readonly [status: number, body: string]> {
  const answer = await postRaw(test.port, { path: `/webhooks/${name}`, headers: Object.entries(headers), body });
  return [answer.status, answer.body];
}

async function newest(name: string): Promise<DeliveryRow | undefined> {
  return (await test.store.deliveries.list({ source: name, limit: 1 }))[0];
}

const named = (name: string): ProviderDefinition => {
  const provider = ALL.find((one) => one.name === name);
  if (provider === undefined) throw new Error(`no provider ${name}`);
  return provider;
};

describe('over a real socket', () => {
  it.each(SAMPLES)('$provider.name $type is taken, read, and kept so that it can be read again', async ({ provider, type }) => {
    const request = signed(provider, type);
    const [status, answer] = await post(provider.name, request);
    expect([status, (JSON.parse(answer) as { readonly status: string }).status]).toEqual([200, matching(/^(?:accepted|ignored)$/)]);
    const delivery = await newest(provider.name);
    const kept = new Map(delivery?.headers);
    for (const [name, value] of Object.entries(request.headers)) expect([name, kept.get(name.toLowerCase())]).toEqual([name, value]);
    const [event] = await test.store.events.find(delivery?.eventIds[0] ?? '');
    expect(event).toMatchObject({ source: provider.name, providerType: type, code: null, test: false });
    expect(await post(provider.name, request)).toEqual([200, JSON.stringify({ status: 'duplicate', eventId: delivery?.eventIds[0] })]);
  });

  it('a ping of GitHub is verified, stored and ignored', async () => {
    const [, answer] = await post('github', signed(named('github'), 'ping'));
    expect(JSON.parse(answer)).toMatchObject({ status: 'ignored' });
  });

  it('a form of GitHub is verified as it came, and read', async () => {
    const github = named('github');
    const json = '{"action":"opened","issue":{"title":"100 % & more = ü"}}';
    const body = `payload=${encodeURIComponent(json)}`;
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded',
      'X-GitHub-Event': 'issues',
      'X-GitHub-Delivery': 'form-1',
      ...github.sign({ body: Buffer.from(body), secret: SECRET, now: new Date() }),
    };
    expect(await post('github', { headers, body })).toEqual([200, '{"status":"ignored","eventId":"form-1"}']);
    const delivery = await newest('github');
    expect(Buffer.from((await test.store.deliveries.body(delivery?.id ?? '')) ?? '').toString()).toBe(body);
    expect(await test.store.events.find('form-1')).toMatchObject([{ type: 'github:issues' }]);
    const json400 = { headers: { ...headers, 'Content-Type': 'application/json' }, body };
    expect((await post('github', json400))[0]).toBe(400);
  });

  it('headers of Svix are kept as well', async () => {
    const { headers, body } = signed(named('standard-webhooks'), 'user.created');
    const svix = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.replace(/^webhook-/, 'svix-'), value]));
    expect((await post('svix', { headers: svix, body }))[0]).toBe(200);
    const names = (await newest('svix'))?.headers.map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(['svix-id', 'svix-timestamp', 'svix-signature']));
  });

  it('test traffic of a vendor is marked as that', async () => {
    const stripe = named('stripe');
    const now = new Date();
    const body = JSON.stringify({ ...stripe.sample['customer.updated']?.({ now, id: 'ffff000011112222' }).body, livemode: false });
    await post('stripe', { headers: stripe.sign({ body: Buffer.from(body), secret: SECRET, now }), body });
    expect(await test.store.events.find('evt_ffff000011112222')).toMatchObject([{ test: true }]);
  });
});

describe('what is refused', () => {
  const late = (): Request => signed(named('stripe'), 'customer.updated', new Date(Date.now() - 400_000));

  it('has the same answer whatever the reason, and the reason in our records', async () => {
    const request = signed(named('shopify'), 'orders/create');
    const answers = [
      await post('shopify', { ...request, body: `${request.body}\n` }),
      await post('shopify', { ...request, headers: {} }),
      await post('shopify', signed(named('stripe'), 'customer.updated')),
      await post('stripe', late()),
    ];
    expect(answers).toEqual(answers.map(() => [401, '{"error":"signature"}']));
    const stored = async (name: string): Promise<readonly (readonly [string | null, string | null])[]> =>
      (await test.store.deliveries.list({ source: name, outcome: 'refused', limit: 10 })).map(({ code, detail }) => [code, detail]);
    await expect
      .poll(() => stored('shopify'))
      .toEqual([
        [
          'signature.missing',
          'header `X-Shopify-Hmac-Sha256`; the signature is right by the scheme of `stripe`: the source names the wrong provider',
        ],
        ['signature.missing', 'header `X-Shopify-Hmac-Sha256`'],
        ['signature.mismatch', 'the signature fits the body without the newline at its end: something adds one'],
      ]);
    await expect.poll(() => stored('stripe')).toEqual([['signature.stale', matching(/^signed 40\d s ago, expected at most 300 s$/)]]);
  });

  it('for its age is taken where the source is more patient', async () => {
    expect((await post('patient', late()))[0]).toBe(200);
    expect((await post('patient', signed(named('stripe'), 'customer.updated', new Date(Date.now() - 3_700_000))))[0]).toBe(401);
  });
});
