import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/contracts/json.ts';
import type { Verdict } from '../../src/contracts/webhook.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import type { ProviderDefinition } from '../../src/providers/define-provider.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import { containing } from './matchers.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');
const SECRET = 'whole-secret-of-the-test-0123456789';
const OTHER = 'another-secret-of-the-test-987654321';
const SHORT_BODY = Buffer.from('{"id":7,"name":"#1001"}');
const ALL: readonly ProviderDefinition[] = providers;

/** What every provider owes: it accepts what it signs, refuses whatever else, and never throws for what a sender writes. */
export function defineProviderTests(provider: ProviderDefinition): void {
  describe(`provider ${provider.name}`, () => {
    const sign = (body: Uint8Array, secret = SECRET): Readonly<Record<string, string>> => provider.sign({ body, secret, now: NOW });
    const verify = (body: Uint8Array, headers: Lines, secrets: readonly string[] = [SECRET]): Verdict =>
      provider.verify({ headers: toDeliveryHeaders(headers.flat()), body }, { secrets, now: NOW });

    it('accepts what it signs itself, and says with which secret', () => {
      expect(verify(SHORT_BODY, Object.entries(sign(SHORT_BODY)))).toEqual({ ok: true, secretIndex: 0 });
      expect(verify(new Uint8Array(), Object.entries(sign(new Uint8Array())))).toEqual({ ok: true, secretIndex: 0 });
    });

    it('takes header names in any case', () => {
      expect(
        verify(
          SHORT_BODY,
          Object.entries(sign(SHORT_BODY)).map(([name, value]) => [name.toUpperCase(), value]),
        ).ok,
      ).toBe(true);
    });

    it('accepts any live secret of several', () => {
      const headers = Object.entries(sign(SHORT_BODY, OTHER));
      expect(verify(SHORT_BODY, headers, [SECRET, OTHER])).toEqual({ ok: true, secretIndex: 1 });
      expect(verify(SHORT_BODY, headers, [OTHER, SECRET])).toEqual({ ok: true, secretIndex: 0 });
      expect(verify(SHORT_BODY, headers, [OTHER, OTHER])).toEqual({ ok: true, secretIndex: 0 });
    });

    it('refuses another secret', () => {
      expect(verify(SHORT_BODY, Object.entries(sign(SHORT_BODY, OTHER)))).toMatchObject({ ok: false, code: 'signature.mismatch' });
    });

    it('throws where a source has no secret or an empty one', () => {
      const headers = Object.entries(sign(SHORT_BODY));
      expect(() => verify(SHORT_BODY, headers, [])).toThrow(expect.objectContaining({ code: 'settings.secretWeak' }));
      expect(() => verify(SHORT_BODY, headers, [SECRET, ''])).toThrow(expect.objectContaining({ code: 'settings.secretWeak' }));
      expect(() => sign(SHORT_BODY, '')).toThrow(expect.objectContaining({ code: 'settings.secretWeak' }));
    });

    it('refuses a body with any one byte changed', () => {
      const headers = Object.entries(sign(SHORT_BODY));
      for (let at = 0; at < SHORT_BODY.length; at += 1) {
        const body = Uint8Array.from(SHORT_BODY);
        body[at] = (body[at] ?? 0) ^ 1;
        expect(verify(body, headers), `byte ${at}`).toMatchObject({ ok: false, code: 'signature.mismatch' });
      }
    });

    it('refuses a body that is shorter, longer, has a BOM or other line ends', () => {
      const body = '{\n"a":1}\n';
      const headers = Object.entries(sign(Buffer.from(body)));
      for (const other of [
        body.slice(0, -1),
        body.slice(1),
        `${body}\n`,
        `${body}\0`,
        `\ufeff${body}`,
        body.replaceAll('\n', '\r\n'),
        '',
      ]) {
        expect(verify(Buffer.from(other), headers)).toMatchObject({ ok: false, code: 'signature.mismatch' });
      }
    });

    it('refuses a missing and a doubled signature header', () => {
      const headers = Object.entries(sign(SHORT_BODY));
      expect(verify(SHORT_BODY, [])).toMatchObject({ ok: false, code: 'signature.missing' });
      expect(verify(SHORT_BODY, [...headers, ...headers])).toMatchObject({ ok: false, code: 'signature.duplicate' });
      expect(
        verify(
          SHORT_BODY,
          headers.map(([name, value]) => [name, `${value}, ${value}`]),
        ),
      ).toMatchObject({ ok: false, code: 'signature.malformed' });
    });

    it('refuses signature headers of every length from 0 to 200, and never throws', () => {
      for (const filler of ['0', 'A', '=', 'é', '\0', ' ']) {
        for (let length = 0; length <= 200; length += 1) {
          for (const [name, value] of Object.entries(sign(SHORT_BODY))) {
            const prefix = /^\w+=(?=.{40})/.exec(value)?.[0] ?? '';
            const wrongs = [filler.repeat(length), prefix + filler.repeat(length), (value + filler.repeat(200)).slice(0, length)];
            for (const wrong of wrongs.filter((other) => other !== value)) {
              expect(verify(SHORT_BODY, [[name, wrong]]).ok, `length ${length}`).toBe(false);
            }
          }
        }
      }
    });

    it('refuses every other spelling of a right signature', () => {
      for (const [name, value] of Object.entries(sign(SHORT_BODY))) {
        const spellings = [
          value.toUpperCase(),
          value.toLowerCase(),
          ` ${value}`,
          `${value} `,
          `${value}\n`,
          `"${value}"`,
          value.replace(/=+$/, ''),
          `${value}=`,
        ];
        const loose = [
          value.replaceAll('+', '-').replaceAll('/', '_'),
          value.slice(0, 20) + ' ' + value.slice(20),
          value.replace(/^\w+=(?=.{40})/, ''),
        ];
        for (const spelling of [...spellings, ...loose].filter((other) => other !== value)) {
          expect(verify(SHORT_BODY, [[name, spelling]]).ok, `spelled ${spelling}`).toBe(false);
        }
      }
    });

    it('refuses the headers of every other provider', () => {
      for (const other of ALL.filter(({ name }) => name !== provider.name)) {
        const headers = Object.entries(other.sign({ body: SHORT_BODY, secret: SECRET, now: NOW }));
        expect(verify(SHORT_BODY, headers), `those of ${other.name}`).toMatchObject({ ok: false, code: 'signature.missing' });
      }
    });

    it('is not moved by headers that are named like members of prototypes', () => {
      const strange: Lines = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((name) => [name, 'x']);
      expect(verify(SHORT_BODY, strange)).toMatchObject({ ok: false, code: 'signature.missing' });
      expect(verify(SHORT_BODY, [...strange, ...Object.entries(sign(SHORT_BODY))]).ok).toBe(true);
      expect(Object.keys(Object.prototype)).toEqual([]);
    });

    it('says nothing of the secret or the signature when it refuses', () => {
      for (const headers of [
        Object.entries(sign(SHORT_BODY, OTHER)),
        Object.entries(sign(SHORT_BODY)).map(([name, value]) => [name, `${value}x`] as const),
      ]) {
        const said = JSON.stringify(verify(SHORT_BODY, headers));
        expect(said).not.toContain(SECRET);
        for (const [, value] of headers) expect(said).not.toContain(value.slice(-20));
      }
    });

    it('identifies any JSON without throwing', () => {
      const bodies: JsonValue[] = [
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
        { constructor: 1, toString: null },
      ];
      for (const json of bodies) {
        const identities = provider.identify({ headers: toDeliveryHeaders([]), json, body: SHORT_BODY, options: {}, receivedAt: NOW });
        for (const { id, type } of identities) expect([typeof id, typeof type]).toEqual(['undefined', 'undefined']);
      }
    });

    it('has samples', () => {
      expect(Object.keys(provider.sample)).not.toEqual([]);
    });

    describe.each(Object.entries(provider.sample))('its sample %s', (type, sample) => {
      const identify = (id: string) => {
        const { headers, body } = sample({ now: NOW, id });
        return provider.identify({
          headers: toDeliveryHeaders(Object.entries(headers).flat()),
          json: body,
          body: Buffer.from(JSON.stringify(body)),
          options: {},
          receivedAt: NOW,
        });
      };

      it('is one event of that type, with an id that follows the seed', () => {
        const [event, ...others] = identify('00112233445566778899aabbccddeeff');
        expect(others).toEqual([]);
        expect(event).toMatchObject({ type, id: containing('00112233445566778899aabbccddeeff') });
        expect(event?.test ?? false).toBe(false);
        expect(identify('ffeeddccbbaa99887766554433221100')[0]?.id).not.toBe(event?.id);
      });

      it('is the same for the same time and seed, and carries no signature', () => {
        expect(sample({ now: NOW, id: '0011223344556677' })).toEqual(sample({ now: NOW, id: '0011223344556677' }));
        const names = Object.keys(sample({ now: NOW, id: '0011223344556677' }).headers).map((name) => name.toLowerCase());
        for (const name of Object.keys(sign(SHORT_BODY))) expect(names).not.toContain(name.toLowerCase());
      });
    });
  });
}

type Lines = readonly (readonly [name: string, value: string])[];
