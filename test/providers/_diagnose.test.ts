import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import { diagnose } from '../../src/providers/_diagnose.ts';
import type { Diagnosable } from '../../src/providers/_diagnose.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import type { ProviderDefinition } from '../../src/providers/define-provider.ts';
import github from '../../src/providers/github.ts';
import hookline from '../../src/providers/hookline.ts';
import shopify from '../../src/providers/shopify.ts';
import standardWebhooks from '../../src/providers/standard-webhooks.ts';
import stripe from '../../src/providers/stripe.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const SECRET = 'whole-secret-of-the-test-0123456789';

interface Case {
  readonly provider?: ProviderDefinition;
  readonly signed: string | Uint8Array;
  readonly came?: string | Uint8Array;
  readonly secret?: string;
  readonly secrets?: readonly string[];
  readonly headers?: readonly string[];
  readonly thorough?: boolean;
  readonly all?: readonly Diagnosable[];
}

/** What is said of a request that was signed as one body and came as another. */
function said({
  provider = hookline,
  signed,
  came = signed,
  secret = SECRET,
  secrets = [SECRET],
  headers,
  thorough,
  all,
}: Case): string | undefined {
  const lines = headers ?? Object.entries(provider.sign({ body: Buffer.from(signed), secret, now: NOW })).flat();
  const request = { headers: toDeliveryHeaders(lines), body: Buffer.from(came) };
  const context = { secrets, now: NOW };
  const verdict = provider.verify(request, context);
  if (verdict.ok) throw new Error('expected a refusal');
  return diagnose({ provider, providers: all ?? providers, request, context, code: verdict.code, thorough: thorough ?? false });
}

describe('a body that was changed after signing', () => {
  it.each([
    ['{"a":1}', '{"a":1}\n', 'the signature fits the body without the newline at its end: something adds one'],
    ['{"a":1}', '{"a":1}\r\n', 'the signature fits the body without the newline at its end: something adds one'],
    ['{"a":1}\n', '{"a":1}', 'the signature fits the body with a newline at its end: something takes it off'],
    ['{\r\n"a":1}\r\n', '{\n"a":1}\n', 'the signature fits the body with CRLF as its line ends: something makes them LF'],
    ['{\n"a":1}', '{\r\n"a":1}', 'the signature fits the body with LF as its line ends: something makes them CRLF'],
    ['{"a":1}', '\ufeff{"a":1}', 'the signature fits the body without a BOM: something adds one'],
  ])('%j that came as %j', (signed, came, expected) => {
    expect(said({ signed, came })).toBe(expected);
    expect(said({ provider: stripe, signed, came })).toBe(expected);
    expect(said({ provider: standardWebhooks, signed, came })).toBe(expected);
  });

  it.each([
    ['{"a":"/é","b":[1,{}]}', '{ "a": "/é", "b": [1, {}] }', 'compact, as JavaScript writes it'],
    ['{\n  "a": 1\n}', '{"a":1}', 'indented by two'],
    ['{"a": 1, "b": [1, 2]}', '{"a":1,"b":[1,2]}', 'with spaces after `:` and `,`, as Python writes it'],
    ['{"a": "\\u00e9"}', '{"a":"é"}', 'with spaces and `\\u` escapes, as Python writes it'],
    ['{"a":"\\/\\u00e9"}', '{"a":"/é"}', 'with `\\/` and `\\u` escapes, as PHP writes it'],
    ['{"a":"\\u003cb\\u003e"}', '{"a":"<b>"}', 'with `<`, `>` and `&` escaped, as Go writes it'],
  ])('%s that was written anew, when somebody takes the time', (signed, came, how) => {
    expect(said({ signed, came, thorough: true })).toBe(`the signature fits the body ${how}: something parses it and writes it anew`);
    expect(said({ signed, came })).toContain('no live secret of the source fits');
  });

  it('beyond what is tried', () => {
    expect(said({ signed: '{"a":1}', came: '{"a":2}' })).toBe(
      'no live secret of the source fits the body as it came, nor with other line ends: the secret is another one, or something changes the body',
    );
    expect(said({ signed: '{', came: '{"', thorough: true })).toContain('nor any usual variant of it');
  });
});

describe('the secret', () => {
  it('was given with what does not belong to it', () => {
    const expected = 'the signature fits the secret without the spaces, line ends or quotes around it';
    for (const wrong of [`${SECRET}\n`, ` ${SECRET}`, `"${SECRET}"`, `'${SECRET}'`]) {
      expect(said({ signed: '{}', secrets: ['other', wrong] })).toBe(expected);
    }
  });

  it('is another one', () => {
    expect(said({ signed: '{}', secret: 'of another endpoint' })).toContain('the secret is another one');
  });
});

describe('another scheme', () => {
  it('whose signature is right', () => {
    const headers = Object.entries(github.sign({ body: Buffer.from('{}'), secret: SECRET, now: NOW })).flat();
    expect(said({ provider: shopify, signed: '{}', headers })).toBe(
      'the signature is right by the scheme of `github`: the source names the wrong provider',
    );
  });

  it('whose headers are there', () => {
    expect(said({ provider: shopify, signed: '{}', headers: ['Stripe-Signature', 't=1,v1=x'] })).toBe('the headers are those of `stripe`');
    expect(said({ provider: shopify, signed: '{}', headers: [] })).toBeUndefined();
  });

  it('of writing: a digest in the other encoding, in capitals, or without its prefix', () => {
    const digest = createHmac('sha256', SECRET).update('{}').digest();
    const wrongs = [
      digest.toString('base64'),
      `sha256=${digest.toString('base64')}`,
      digest.toString('hex'),
      `sha256=${digest.toString('hex').toUpperCase()}`,
    ];
    for (const wrong of wrongs) {
      expect(said({ signed: '{}', headers: ['X-Webhook-Signature', wrong] })).toBe(
        'the digest in `X-Webhook-Signature` is right, and written otherwise than the provider writes it',
      );
    }
    expect(said({ provider: shopify, signed: '{}', headers: ['X-Shopify-Hmac-Sha256', digest.toString('hex')] })).toContain(
      'written otherwise',
    );
    expect(said({ signed: '{}', headers: ['X-Webhook-Signature', `sha256=${'0'.repeat(63)}`] })).toBeUndefined();
  });

  it('by which a secret is no key changes nothing', () => {
    const secret = 'whsec_no base64';
    expect(said({ provider: stripe, signed: '{}', secret: 'other', secrets: [secret] })).toContain('no live secret of the source fits');
    const headers = ['webhook-id', '1', 'webhook-timestamp', '1', 'webhook-signature', `v1,${'A'.repeat(43)}=`];
    expect(said({ provider: stripe, signed: '{}', secrets: [secret], headers })).toBe('the headers are those of `standard-webhooks`');
  });
});

describe('on the way of a request', () => {
  it('costs no more than a dozen looks, however many secrets and providers there are', () => {
    let looks = 0;
    const counted: readonly Diagnosable[] = Array.from({ length: 40 }, (_, index) => ({
      name: `p${index}`,
      verify: (_request, { secrets }) => {
        looks += secrets.length;
        return { ok: false, code: 'signature.mismatch' };
      },
    }));
    const [provider] = counted;
    if (provider === undefined) throw new Error('no provider');
    const secrets = Array.from({ length: 100 }, (_, index) => ` secret ${index} `);
    const request = { headers: toDeliveryHeaders([]), body: Buffer.from('\ufeff{\r\n"a":1}\n') };
    const input = { provider, request, context: { secrets, now: NOW }, code: 'signature.mismatch' } as const;
    diagnose({ ...input, providers: [provider] });
    expect(looks).toBe(2 * 6);
    looks = 0;
    expect(diagnose({ ...input, providers: counted })).toBe('the headers are those of `p1`');
    expect(looks).toBe(2 * 2);
  });

  it('leaves large bodies to the command line', () => {
    const signed = 'x'.repeat(64 * 1024 + 1);
    expect(said({ signed, came: `${signed}\n` })).toBe('see `hookline verify`: the body is too large to be looked into here');
    expect(said({ signed, came: `${signed}\n`, thorough: true })).toContain('without the newline');
  });

  it('says nothing of secret, signature or body', () => {
    const canary = 'canary-7f3a9c';
    const cases: readonly Case[] = [
      { signed: `{"a":"${canary}"}`, came: `{"a":"${canary}"}\n` },
      { signed: '{}', secret: canary, secrets: [`${canary}\n`] },
      { signed: '{}', headers: ['X-Webhook-Signature', canary] },
      { signed: '{}', headers: ['Stripe-Signature', canary] },
    ];
    for (const one of cases) expect(said({ ...one, thorough: true }) ?? '').not.toContain(canary);
  });
});
