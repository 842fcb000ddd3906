import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/contracts/webhook.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import type { ProviderDefinition } from '../../src/providers/define-provider.ts';
import { defineReadingTests } from './provider-reading.ts';

const NOW = new Date('2026-11-24T12:00:00.500Z');
const SECRET = 'whole-secret-of-the-test-0123456789';
const OTHER = 'another-secret-of-the-test-987654321';
const SHORT_BODY = Buffer.from('{"id":7,"name":"#1001"}');
const ALL: readonly ProviderDefinition[] = providers;
/** The limit for a signed time, where neither source nor vendor says otherwise. */
const LIMIT_S = 300;

/** What every provider owes: it accepts what it signs, refuses whatever else, and never throws for what a sender writes. */
export function defineProviderTests(provider: ProviderDefinition): void {
  describe(`provider ${provider.name}`, () => {
    const sign = (body: Uint8Array, secret = SECRET, now = NOW): Lines => Object.entries(provider.sign({ body, secret, now }));
    const verify = (body: Uint8Array, headers: Lines, secrets: readonly string[] = [SECRET], toleranceSeconds?: number | null): Verdict =>
      provider.verify({ headers: toDeliveryHeaders(headers.flat()), body }, { secrets, now: NOW, toleranceSeconds });
    const right = sign(SHORT_BODY);
    const signsTime = JSON.stringify(right) !== JSON.stringify(sign(SHORT_BODY, SECRET, new Date(NOW.getTime() + 5_000)));

    it('accepts what it signs itself, and says with which secret', () => {
      expect(verify(SHORT_BODY, right)).toEqual({ ok: true, secretIndex: 0 });
      expect(verify(new Uint8Array(), sign(new Uint8Array()))).toEqual({ ok: true, secretIndex: 0 });
      const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      expect(verify(bytes, sign(bytes))).toEqual({ ok: true, secretIndex: 0 });
    });

    it('takes header names in any case', () => {
      expect(
        verify(
          SHORT_BODY,
          mapLines(right, ([name, value]) => [name.toUpperCase(), value]),
        ).ok,
      ).toBe(true);
      expect(
        verify(
          SHORT_BODY,
          mapLines(right, ([name, value]) => [name.toLowerCase(), value]),
        ).ok,
      ).toBe(true);
    });

    it('accepts any live secret of several', () => {
      const headers = sign(SHORT_BODY, OTHER);
      expect(verify(SHORT_BODY, headers, [SECRET, OTHER])).toEqual({ ok: true, secretIndex: 1 });
      expect(verify(SHORT_BODY, headers, [OTHER, SECRET])).toEqual({ ok: true, secretIndex: 0 });
      expect(verify(SHORT_BODY, headers, [OTHER, OTHER])).toEqual({ ok: true, secretIndex: 0 });
    });

    it('refuses another secret', () => {
      expect(verify(SHORT_BODY, sign(SHORT_BODY, OTHER))).toMatchObject({ ok: false, code: 'signature.mismatch' });
      for (const secret of [SECRET.toUpperCase(), ` ${SECRET}`, `${SECRET}\n`, SECRET.slice(1)]) {
        expect(verify(SHORT_BODY, right, [secret])).toMatchObject({ ok: false, code: 'signature.mismatch' });
      }
    });

    it('throws where a source has no secret or an empty one', () => {
      expect(() => verify(SHORT_BODY, right, [])).toThrow(expect.objectContaining({ code: 'settings.secretWeak' }));
      expect(() => verify(SHORT_BODY, right, [SECRET, ''])).toThrow(expect.objectContaining({ code: 'settings.secretWeak' }));
      expect(() => sign(SHORT_BODY, '')).toThrow(expect.objectContaining({ code: 'settings.secretWeak' }));
    });

    it('refuses a body with any one bit changed', () => {
      for (let bit = 0; bit < SHORT_BODY.length * 8; bit += 1) {
        const body = Uint8Array.from(SHORT_BODY);
        body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(verify(body, right), `bit ${bit}`).toMatchObject({ ok: false, code: 'signature.mismatch' });
      }
    });

    it('refuses a body that is shorter, longer, has a BOM or other line ends', () => {
      const body = '{\n"a":1}\n';
      const headers = sign(Buffer.from(body));
      const others = [body.slice(0, -1), body.slice(1), `${body}\n`, `${body}\0`, `\ufeff${body}`, body.replaceAll('\n', '\r\n'), ''];
      for (const other of others) {
        expect(verify(Buffer.from(other), headers)).toMatchObject({ ok: false, code: 'signature.mismatch' });
      }
      for (let length = 0; length < SHORT_BODY.length; length += 1) expect(verify(SHORT_BODY.subarray(0, length), right).ok).toBe(false);
    });

    it('refuses a request without its headers, without any one of them, and with any one doubled', () => {
      expect(verify(SHORT_BODY, [])).toMatchObject({ ok: false, code: 'signature.missing' });
      for (const line of right) {
        expect(
          verify(
            SHORT_BODY,
            right.filter((other) => other !== line),
          ),
        ).toMatchObject({ ok: false, code: 'signature.missing' });
        expect(verify(SHORT_BODY, [...right, line])).toMatchObject({ ok: false, code: 'signature.duplicate' });
        expect(verify(SHORT_BODY, [...right, [line[0].toUpperCase(), '']])).toMatchObject({ ok: false, code: 'signature.duplicate' });
      }
    });

    it('refuses headers of every length from 0 to 200, and never throws', () => {
      for (const filler of ['0', 'A', '=', ',', 'é', '\0', ' ']) {
        for (let length = 0; length <= 200; length += 1) {
          for (const [name, value] of right) {
            const prefix = /^\w+[=,](?=.{40})/.exec(value)?.[0] ?? '';
            const wrongs = [filler.repeat(length), prefix + filler.repeat(length), (value + filler.repeat(200)).slice(0, length)];
            for (const wrong of wrongs.filter((other) => !isSame(other, value))) {
              expect(verify(SHORT_BODY, replace(right, name, wrong)).ok, `${name} of length ${length}`).toBe(false);
            }
          }
        }
      }
    });

    it('refuses every other spelling of what is right', () => {
      for (const [name, value] of right) {
        const spellings = [
          value.toUpperCase(),
          value.toLowerCase(),
          `\t${value}`,
          `${value}\n`,
          `"${value}"`,
          value.replace(/=+$/, ''),
          `${value}=`,
          value.replaceAll('+', '-').replaceAll('/', '_'),
          `${value.slice(0, 20)} ${value.slice(20)}`,
          value.replace(/^\w+[=,](?=.{40})/, ''),
          value.replace(/\d/, (digit) => `0${digit}`),
          value.replace(/\d/, '٣'),
        ];
        for (const spelling of spellings.filter((other) => !isSame(other, value))) {
          expect(verify(SHORT_BODY, replace(right, name, spelling)).ok, `${name}: ${spelling}`).toBe(false);
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
      expect(verify(SHORT_BODY, [...strange, ...right]).ok).toBe(true);
      for (const [name] of right) {
        for (const value of ['__proto__', 'constructor', '__proto__=x', 'constructor,x'])
          expect(verify(SHORT_BODY, replace(right, name, value)).ok).toBe(false);
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
    });

    it('says nothing of the secret or the signature when it refuses', () => {
      for (const headers of [sign(SHORT_BODY, OTHER), mapLines(right, ([name, value]) => [name, `${value}x`])]) {
        const said = JSON.stringify(verify(SHORT_BODY, headers));
        expect(said).not.toContain(SECRET);
        for (const [, value] of headers) expect(said).not.toContain(value.slice(-20));
      }
    });

    it('accepts a signed time at the limit and refuses it one second past; where none is signed it judges no age', () => {
      const at = (seconds: number, toleranceSeconds?: number | null, secret = SECRET): Verdict =>
        verify(SHORT_BODY, sign(SHORT_BODY, secret, new Date(NOW.getTime() - seconds * 1_000)), [SECRET], toleranceSeconds);
      const fresh: Verdict = { ok: true, secretIndex: 0 };
      const past = (detail: string): Verdict => (signsTime ? { ok: false, code: 'signature.stale', detail } : fresh);
      expect(at(LIMIT_S)).toEqual(fresh);
      expect(at(LIMIT_S + 1)).toEqual(past('signed 301 s ago, expected at most 300 s'));
      expect(at(60, 60)).toEqual(fresh);
      expect(at(61, 60)).toEqual(past('signed 61 s ago, expected at most 60 s'));
      expect(at(10 * 365 * 86_400, null)).toEqual(fresh);
      expect(at(-LIMIT_S)).toEqual(fresh);
      expect(at(LIMIT_S + 1, undefined, OTHER)).toMatchObject({ ok: false, code: 'signature.mismatch' });
    });

    defineReadingTests(provider);
  });
}

type Lines = readonly (readonly [name: string, value: string])[];

function mapLines(lines: Lines, change: (line: Lines[number]) => Lines[number]): Lines {
  return lines.map(change);
}

function replace(lines: Lines, name: string, value: string): Lines {
  return mapLines(lines, (line) => (line[0] === name ? [name, value] : line));
}

/**
 * Spaces around a value are no part of it (RFC 9110, 5.5); Node cuts them off, and so may who calls a provider by hand. In a list an
 * empty item is none.
 */
function isSame(value: string, other: string): boolean {
  const edges = other.includes(',') ? /^[ ,]+|[ ,]+$/g : /^ +| +$/g;
  return value.replaceAll(edges, '') === other;
}
