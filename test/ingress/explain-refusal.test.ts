import { describe, expect, it } from 'vitest';
import { createExplain } from '../../src/ingress/explain-refusal.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import hookline from '../../src/providers/hookline.ts';
import shopify from '../../src/providers/shopify.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const signed = Buffer.from('{"a":1}');
const headers = toDeliveryHeaders(Object.entries(hookline.sign({ body: signed, secret: 's', now: NOW })).flat());
const refused = {
  provider: hookline,
  request: { headers, body: Buffer.from('{"a":1}\n') },
  context: { secrets: ['s'], now: NOW },
  verdict: { ok: false, code: 'signature.mismatch' },
} as const;
const PROBABLE = 'the signature fits the body without the newline at its end: something adds one';

describe('the detail of a refused signature', () => {
  it('is what the verdict says, and what has probably gone wrong', () => {
    const explain = createExplain({ providers: [hookline, shopify], now: () => NOW });
    expect(explain(refused)).toBe(PROBABLE);
    expect(explain({ ...refused, verdict: { ok: false, code: 'signature.mismatch', detail: 'said' } })).toBe(`said; ${PROBABLE}`);
    expect(explain({ ...refused, provider: shopify, verdict: { ok: false, code: 'signature.missing', detail: 'header `X`' } })).toBe(
      'header `X`; the headers are those of `hookline`',
    );
    expect(explain({ ...refused, verdict: { ok: false, code: 'signature.stale', detail: 'signed 301 s ago' } })).toBe('signed 301 s ago');
  });

  it('is looked for five times a second, whoever asks: a flood buys no more work', () => {
    let now = NOW;
    const explain = createExplain({ providers: [hookline], now: () => now });
    const said = Array.from({ length: 7 }, () => explain(refused));
    expect(said).toEqual([...Array.from({ length: 5 }, () => PROBABLE), '', '']);
    now = new Date(NOW.getTime() + 1_000);
    expect(explain(refused)).toBe(PROBABLE);
  });
});
