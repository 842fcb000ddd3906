import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import { hmac, signHmac } from '../../src/providers/_hmac.ts';
import type { HmacScheme } from '../../src/providers/_hmac.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const SCHEMES: readonly HmacScheme[] = (['sha1', 'sha256', 'sha512'] as const).flatMap((algorithm) =>
  (['hex', 'base64'] as const).flatMap((encoding) => ['', 'v1='].map((prefix) => ({ header: 'X-Sig', prefix, algorithm, encoding }))),
);

describe.each(SCHEMES)('hmac of $algorithm as $encoding with prefix "$prefix"', (scheme) => {
  const verify = (body: Uint8Array, value: string, secrets: readonly string[]) =>
    hmac(scheme)({ headers: toDeliveryHeaders(['X-Sig', value]), body }, { secrets, now: NOW });

  it('accepts what it signs, and refuses it with any one bit of body, signature or secret flipped', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.string({ minLength: 1, maxLength: 40 }),
        fc.nat(),
        (body, secret, bit) => {
          const value = signHmac(scheme)({ body, secret, now: NOW })['X-Sig'] ?? '';
          expect(verify(body, value, ['other', secret])).toEqual({ ok: true, secretIndex: secret === 'other' ? 0 : 1 });
          expect(verify(flip(body, bit), value, [secret]).ok).toBe(false);
          expect(verify(body, Buffer.from(flip(Buffer.from(value, 'latin1'), bit)).toString('latin1'), [secret]).ok).toBe(false);
          expect(verify(body, value, [`${secret}x`]).ok).toBe(false);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('never throws, whatever text the header holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (value) => {
        expect(verify(Buffer.from('x'), value, ['s']).ok).toBe(false);
        expect(verify(Buffer.from('x'), `${scheme.prefix ?? ''}${value}`, ['s']).ok).toBe(false);
      }),
    );
  });
});

it('refuses base64 that differs from the canonical text only in bits that no byte holds', () => {
  const body = Buffer.from('body');
  const value = createHmac('sha256', 's').update(body).digest('base64');
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const last = alphabet.indexOf(value.charAt(42));
  const verify = hmac({ header: 'X-Sig', algorithm: 'sha256', encoding: 'base64' });
  for (const unused of [1, 2, 3]) {
    const twin = `${value.slice(0, 42)}${alphabet.charAt(last | unused)}=`;
    expect(Buffer.from(twin, 'base64')).toEqual(Buffer.from(value, 'base64'));
    expect(verify({ headers: toDeliveryHeaders(['X-Sig', twin]), body }, { secrets: ['s'], now: NOW })).toMatchObject({
      code: 'signature.malformed',
    });
  }
});

it('refuses 44 characters of base64 that decode to 33 bytes, without throwing', () => {
  const verify = hmac({ header: 'X-Sig', algorithm: 'sha256', encoding: 'base64' });
  const request = { headers: toDeliveryHeaders(['X-Sig', 'A'.repeat(44)]), body: Buffer.from('body') };
  expect(verify(request, { secrets: ['s'], now: NOW })).toMatchObject({ code: 'signature.malformed' });
});

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = bit % (copy.length * 8);
  copy[at >> 3] = (copy[at >> 3] ?? 0) ^ (1 << (at & 7));
  return copy;
}
