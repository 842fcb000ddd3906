import { describe, expect, test } from 'vitest';
import { toDeliveryHeaders } from '../../../src/ingress/headers.ts';
import { createInterpreter } from '../../../src/ingress/interpret.ts';
import { events } from '../../../src/events/catalogue.gen.ts';
import { providers } from '../../../src/providers/catalogue.gen.ts';
import type { ProviderDefinition } from '../../../src/providers/define-provider.ts';
import { chains } from '../../../src/workflows/catalogue.gen.ts';
import { demoStories, NOW, SECRET, sources } from './well-facts.ts';

const stories = demoStories();
const webhooks = stories.flatMap((story) => story.webhooks);
const interpret = createInterpreter({ providers, events, chains });
const known: readonly ProviderDefinition[] = providers;

describe('the stories of the demonstration', () => {
  test.each(webhooks.map((sent) => [sent.name, sent] as const))('`%s` is signed, typed and routed as it says', (_name, sent) => {
    const { headers, body } = sent.webhook;
    const source = sources.find(({ name }) => name === sent.source);
    const provider = known.find(({ name }) => name === source?.provider);
    const request = { headers: toDeliveryHeaders(Object.entries(headers).flat()), body, receivedAt: NOW };
    expect(provider?.verify(request, { secrets: [SECRET], now: NOW })).toMatchObject(
      sent.expected.status === 'refused' ? { ok: false, code: 'signature.mismatch' } : { ok: true },
    );
    if (sent.expected.type === null || source === undefined) return;
    expect(interpret(request, source)).toMatchObject({
      ok: true,
      events: [{ type: sent.expected.type, test: false, routes: sent.expected.run === null ? [] : [{ chain: sent.expected.run.chain }] }],
    });
  });

  test('tell of every chain, and of every provider', () => {
    expect(new Set(webhooks.flatMap(({ expected }) => expected.run?.chain ?? []))).toEqual(new Set(chains.map(({ name }) => name)));
    const told = webhooks.map(({ source }) => sources.find(({ name }) => name === source)?.provider);
    expect(new Set(told)).toEqual(new Set(known.map(({ name }) => name)));
  });

  test('have names of their own, so that a problem can be told where it is', () => {
    const names = webhooks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('take from the stock what they order, and nothing of what is sold out', () => {
    expect(stories.map(({ takes }) => takes).filter((takes) => takes !== undefined)).toEqual([
      { 'TEE-BLUE-M': 2, 'MUG-WHITE': 1 },
      { 'TEE-BLUE-M': 4, 'MUG-WHITE': 3 },
    ]);
  });

  test('of a payment name one order, one event by its system and one by the source', () => {
    const [, session, intent] = stories[0]?.webhooks ?? [];
    const bodyOf = (sent: typeof session): string => String(sent?.webhook.body);
    const [, order = ''] = /"client_reference_id":"shopify:(\d+)"/.exec(bodyOf(session)) ?? [];
    expect(bodyOf(intent)).toContain(`"metadata":{"order_id":"${order}"}`);
    expect(session?.expected.run?.result).toMatchObject({ orderId: `shopify:${order}` });
    expect(intent?.expected.run?.result).toEqual(session?.expected.run?.result);
  });
});
