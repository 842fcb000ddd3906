import { expect, test } from 'vitest';
import { events } from '../../src/events/catalogue.gen.ts';
import type { EventDefinition } from '../../src/events/define-event.ts';
import { createInterpreter } from '../../src/ingress/interpret.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import type { ProviderDefinition } from '../../src/providers/define-provider.ts';

const definitions: readonly EventDefinition[] = events as unknown as readonly EventDefinition[]; // whatever their data
const known: readonly ProviderDefinition[] = providers;
const mapped = definitions.flatMap(({ type, from }) =>
  Object.entries(from).flatMap(([provider, maps]) => Object.keys(maps).map((providerType) => ({ type, provider, providerType }))),
);
const now = new Date('2026-11-01T12:00:00Z');

test.each(mapped)('$provider has a sample of `$providerType` that is a good `$type`', ({ type, provider: name, providerType }) => {
  const provider = known.find((one) => one.name === name);
  const sample = provider?.sample[providerType]?.({ now, id: '0123456789abcdef0123456789abcdef' });
  expect(sample).toBeDefined();
  const body = Buffer.from(JSON.stringify(sample?.body));
  const signed = provider?.sign({ body, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', now, headers: sample?.headers ?? {} });
  const headers = toDeliveryHeaders(Object.entries({ ...sample?.headers, ...signed }).flat());
  const interpret = createInterpreter({ providers, events, chains: [] });
  const read = interpret({ headers, body, receivedAt: now }, { name: 'sample', provider: name, secrets: [], options: {} });
  expect(read).toMatchObject({ ok: true, events: [{ type, state: 'ignored', code: null }] });
});
