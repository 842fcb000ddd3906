import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signWebhook, tamperWith } from '../../../src/cli/trigger/sign-webhook.ts';
import { toDeliveryHeaders } from '../../../src/ingress/headers.ts';
import hookline from '../../../src/providers/hookline.ts';

const SECRET = '9f2c1b7e4a6d8035c1e9f7a2b4d60813';
const NOW = new Date('2026-11-24T12:00:00Z');
const parts = {
  provider: hookline,
  headers: { 'Content-Type': 'application/json' },
  body: { event_id: 'evt_19', total: 9.9 },
  secret: SECRET,
  now: NOW,
};
const verdictOf = ({ headers, body }: ReturnType<typeof signWebhook>) =>
  hookline.verify({ headers: toDeliveryHeaders(Object.entries(headers).flat()), body }, { secrets: [SECRET], now: NOW });

describe('a webhook', () => {
  test('is signed as its provider does it, with its other headers', () => {
    const webhook = signWebhook(parts);
    expect(verdictOf(webhook)).toEqual({ ok: true, secretIndex: 0 });
    expect(webhook.headers).toHaveProperty('Content-Type', 'application/json');
  });

  test('is refused for its signature alone when it was tampered with: still JSON, and one byte differs', () => {
    const [good, bad] = [signWebhook(parts), signWebhook({ ...parts, tamper: true })];
    expect(verdictOf(bad)).toEqual({ ok: false, code: 'signature.mismatch' });
    expect(JSON.parse(bad.body.toString())).toEqual({ event_id: 'evt_19', total: 9.8 });
    expect(bad.body.filter((byte, index) => byte !== good.body[index])).toHaveLength(1);
  });
});

test('tampering changes exactly one byte of any body, and the given bytes stay as they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
      const before = Uint8Array.from(bytes);
      const changed = tamperWith(bytes);
      expect(changed.length).toBe(bytes.length);
      expect(changed.filter((byte, index) => byte !== bytes[index])).toHaveLength(1);
      expect(bytes).toEqual(before);
    }),
  );
});
