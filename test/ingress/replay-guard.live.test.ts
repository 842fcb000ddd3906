import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '../../src/contracts/webhook.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import type { ProviderDefinition } from '../../src/providers/define-provider.ts';
import type { DeliveryRow } from '../../src/store/deliveries.ts';
import { postRaw } from '../support/raw-http.ts';
import { startStoredIngress } from './stored-ingress.ts';
import type { StoredIngress } from './stored-ingress.ts';

const SECRET = 'a-live-secret-of-the-shop-0123456789';
const of = (name: string, provider: string, sameBody?: 'refuse' | 'allow'): Source => ({
  name,
  provider,
  secrets: [SECRET],
  options: { sameBody },
});
const SOURCES = [
  of('github', 'github'),
  of('shopify', 'shopify'),
  of('hookline', 'hookline'),
  of('strict', 'github', 'refuse'),
  of('loose', 'github', 'allow'),
  of('stripe', 'stripe', 'refuse'),
  of('clerk', 'standard-webhooks', 'refuse'),
];

let test: StoredIngress;
beforeAll(async () => {
  test = await startStoredIngress(SOURCES);
});
afterAll(() => test.close());

interface Captured {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

let seed = 0x1000;
/** A signed request as somebody has captured it. */
function capture(provider: string, type: string): Captured {
  const definition = (providers as readonly ProviderDefinition[]).find(({ name }) => name === provider);
  const now = new Date();
  const sample = definition?.sample[type]?.({ now, id: `${(seed += 1)}`.padStart(16, '0') });
  if (definition === undefined || sample === undefined) throw new Error(`no sample ${provider} ${type}`);
  const body = JSON.stringify(sample.body);
  const signed = definition.sign({ body: Buffer.from(body), secret: SECRET, now, headers: sample.headers });
  return { headers: { ...sample.headers, ...signed }, body };
}

async function post(
  source: string,
  { headers, body }: Captured,
  changed: Readonly<Record<string, string>> = {},
): Promise<readonly [number, Answer]> {
  const { status, body: text } = await postRaw(test.port, {
    path: `/webhooks/${source}`,
    headers: Object.entries({ ...headers, ...changed }),
    body,
  });
  return [status, JSON.parse(text) as Answer]; // every answer here is JSON
}

interface Answer {
  readonly status?: string;
  readonly error?: string;
  readonly detail?: string;
  readonly eventId?: string;
}

/** The newest delivery of a source. */
async function newest(source: string): Promise<DeliveryRow | undefined> {
  return (await test.store.deliveries.list({ source, limit: 1 }))[0];
}

describe('a captured request that comes under a fresh id', () => {
  it.each([
    ['github', 'push', 'X-GitHub-Delivery'],
    ['shopify', 'orders/create', 'X-Shopify-Event-Id'],
  ])('is marked, where only the body is signed: %s', async (provider, type, header) => {
    const captured = capture(provider, type);
    const [, { eventId = '' }] = await post(provider, captured);
    expect(await newest(provider)).toMatchObject({ code: null });
    expect(await post(provider, captured, { [header]: `forged-${provider}` })).toMatchObject([200, { eventId: `forged-${provider}` }]);
    expect(await newest(provider)).toMatchObject({ code: 'event.sameBody', detail: `the body is that of event ${eventId}` });
    expect(await post(provider, captured)).toMatchObject([200, { status: 'duplicate', eventId }]);
    expect(await newest(provider)).toMatchObject({ outcome: 'duplicate', code: null });
  });

  it('is refused where the source wants that, and nothing of it becomes an event', async () => {
    const captured = capture('github', 'push');
    const [, { eventId = '' }] = await post('strict', captured);
    expect(await post('strict', captured, { 'X-GitHub-Delivery': 'forged' })).toMatchObject([
      400,
      { error: 'event.bodyReplayed', detail: `the body is that of event ${eventId}` },
    ]);
    expect(await newest('strict')).toMatchObject({ outcome: 'refused', httpStatus: 400, code: 'event.bodyReplayed', eventIds: ['forged'] });
    expect(await test.store.events.find('forged')).toEqual([]);
    expect(await post('strict', captured)).toMatchObject([200, { status: 'duplicate' }]);
  });

  it('is refused also when its type is changed, or it is called a form', async () => {
    const captured = capture('github', 'issues');
    await post('strict', captured);
    expect(await post('strict', captured, { 'X-GitHub-Delivery': 'forged-type', 'X-GitHub-Event': 'release' })).toMatchObject([400, {}]);
    const form = { 'X-GitHub-Delivery': 'forged-form', 'Content-Type': 'application/x-www-form-urlencoded' };
    expect(await post('strict', captured, form)).toMatchObject([400, { error: 'body.notForm' }]);
  });

  it('is a fact of its own where the source says that equal bodies are', async () => {
    const captured = capture('github', 'push');
    await post('loose', captured);
    expect(await post('loose', captured, { 'X-GitHub-Delivery': 'another' })).toMatchObject([200, { eventId: 'another' }]);
    expect(await newest('loose')).toMatchObject({ code: null, detail: null });
  });

  it('is not looked for where the id is signed: in the body, or with it', async () => {
    const inBody = capture('stripe', 'customer.updated');
    await post('stripe', inBody);
    expect(await post('stripe', inBody, { 'X-Request-Id': 'fresh' })).toMatchObject([200, { status: 'duplicate' }]);
    const withBody = capture('standard-webhooks', 'user.created');
    await post('clerk', withBody);
    expect(await post('clerk', withBody)).toMatchObject([200, { status: 'duplicate' }]);
    expect(await post('clerk', withBody, { 'webhook-id': 'msg_fresh' })).toMatchObject([401, {}]);
  });

  it('is told of a generic sender by where its id stands', async () => {
    const inBody = capture('hookline', 'customer.updated');
    await post('hookline', inBody);
    expect(await post('hookline', inBody, { 'X-Webhook-Id': 'fresh' })).toMatchObject([200, { status: 'duplicate' }]);
    const body = '{"nightly":true}';
    const [definition] = providers.filter(({ name }) => name === 'hookline');
    const headers = { ...definition?.sign({ body: Buffer.from(body), secret: SECRET, now: new Date() }), 'X-Webhook-Event': 'report' };
    await post('hookline', { headers, body }, { 'X-Webhook-Id': 'monday' });
    await post('hookline', { headers, body }, { 'X-Webhook-Id': 'tuesday' });
    expect(await newest('hookline')).toMatchObject({ code: 'event.sameBody', detail: 'the body is that of event monday' });
  });
});
