import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/contracts/json.ts';
import type { Identity, Source } from '../../src/contracts/webhook.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import { toStoredHeaders } from '../../src/ingress/stored-headers.ts';
import type { ProviderDefinition } from '../../src/providers/define-provider.ts';
import { containing } from './matchers.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');
const SECRET = 'whole-secret-of-the-test-0123456789';
const SEED = '00112233445566778899aabbccddeeff';
/** What `JSON.parse` may give, and nothing that is an id, a type or a time. */
const STRANGE: readonly JsonValue[] = [
  null,
  true,
  0,
  '',
  'x',
  [],
  {},
  [1, [2]],
  { data: null },
  { event_id: {}, event_type: [] },
  { id: {}, type: [], created: {}, time: [], timestamp: {}, created_at: [], livemode: {}, test: [] },
  { id: 1.5, type: true, created: -1, time: 'soon', timestamp: '', livemode: null },
  { constructor: 1, toString: null },
];

/** What every provider owes when it reads a verified request, and when it makes one up. */
export function defineReadingTests(provider: ProviderDefinition): void {
  const identify = (headers: Readonly<Record<string, string>>, json: JsonValue): readonly Identity[] =>
    provider.identify({
      headers: toDeliveryHeaders(Object.entries(headers).flat()),
      json,
      body: Buffer.from(JSON.stringify(json)),
      options: {},
      receivedAt: NOW,
    });

  it('identifies any JSON without throwing', () => {
    for (const json of STRANGE) {
      for (const { id, type, occurredAt } of identify({}, json)) {
        expect([typeof id, typeof type, typeof occurredAt]).toEqual(['undefined', 'undefined', 'undefined']);
      }
    }
  });

  it('decodes any bytes, whatever they are called, without throwing', () => {
    for (const type of [
      '',
      'application/json',
      'application/x-www-form-urlencoded',
      'APPLICATION/X-WWW-FORM-URLENCODED; charset=utf-8',
      ';;;',
    ]) {
      for (const body of ['', '{}', 'payload=', 'payload=%', 'payload=%7B%7D', 'payload=%zz', 'a=b&payload=1', '\xff\0', '%']) {
        const decoded = provider.decode?.({ headers: toDeliveryHeaders(['Content-Type', type]), body: Buffer.from(body, 'latin1') });
        expect(decoded?.ok ?? true).toBeTypeOf('boolean');
      }
    }
  });

  it('has samples', () => {
    expect(Object.keys(provider.sample)).not.toEqual([]);
  });

  describe.each(Object.entries(provider.sample))('its sample %s', (type, sample) => {
    it('is one event of that type, with an id that follows the seed', () => {
      const { headers, body } = sample({ now: NOW, id: SEED });
      const [event, ...others] = identify(headers, body);
      expect(others).toEqual([]);
      expect(event).toMatchObject({ type, id: containing(SEED) });
      expect(event?.test ?? false).toBe(false);
      expect(event?.occurredAt ?? NOW).toEqual(NOW);
      const other = sample({ now: NOW, id: 'ffeeddccbbaa99887766554433221100' });
      expect(identify(other.headers, other.body)[0]?.id).not.toBe(event?.id);
    });

    it('is the same for the same time and seed, another body for another seed, and carries no signature', () => {
      const { headers, body } = sample({ now: NOW, id: SEED });
      expect(sample({ now: NOW, id: SEED })).toEqual({ headers, body });
      expect(sample({ now: NOW, id: 'ffeeddccbbaa9988' }).body).not.toEqual(body);
      const signed = provider.sign({ body: Buffer.from('{}'), secret: SECRET, now: NOW, headers });
      const names = Object.keys(headers).map((name) => name.toLowerCase());
      for (const name of Object.keys(signed)) expect(names).not.toContain(name.toLowerCase());
    });

    it('is accepted once it is signed, and read again from what a delivery keeps', () => {
      const { headers, body } = sample({ now: NOW, id: SEED });
      const bytes = Buffer.from(JSON.stringify(body));
      const signed = { ...headers, ...provider.sign({ body: bytes, secret: SECRET, now: NOW, headers }) };
      const lines = toDeliveryHeaders(Object.entries(signed).flat());
      expect(provider.verify({ headers: lines, body: bytes }, { secrets: [SECRET], now: NOW })).toEqual({ ok: true, secretIndex: 0 });
      const source: Source = { name: 'any', provider: provider.name, secrets: [SECRET], options: {} };
      const stored = toDeliveryHeaders(toStoredHeaders(lines, source, provider.headers).flat());
      const input = { json: body, body: bytes, options: {}, receivedAt: NOW };
      expect(provider.identify({ ...input, headers: stored })).toEqual(provider.identify({ ...input, headers: lines }));
      expect(provider.verify({ headers: stored, body: bytes }, { secrets: [SECRET], now: NOW }).ok).toBe(true);
    });
  });
}
