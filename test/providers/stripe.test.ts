import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/contracts/json.ts';
import type { Identity, Verdict } from '../../src/contracts/webhook.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import stripe from '../../src/providers/stripe.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');
const T = NOW.getTime() / 1_000;
const BODY = Buffer.from('{"id":"evt_1"}');
const SECRET = 'whsec_of-the-endpoint';
const digest = (t: number | string = T, secret = SECRET): string => createHmac('sha256', secret).update(`${t}.`).update(BODY).digest('hex');

function verify(value: string, secrets: readonly string[] = [SECRET]): Verdict {
  return stripe.verify({ headers: toDeliveryHeaders(['Stripe-Signature', value]), body: BODY }, { secrets, now: NOW });
}

function identify(json: JsonValue): Identity | undefined {
  return stripe.identify({ headers: toDeliveryHeaders([]), json, body: BODY, options: {}, receivedAt: NOW })[0];
}

describe('the list of signatures', () => {
  it('may hold several of the version, any of which counts, and others of other versions', () => {
    expect(verify(`t=${T},v1=${digest(T, 'rolled out')},v1=${digest()},v0=${digest()},v2=x,novalue,=,x=`)).toEqual({
      ok: true,
      secretIndex: 0,
    });
    expect(verify(`v1=${digest()},t=${T}`)).toEqual({ ok: true, secretIndex: 0 });
    expect(verify(`t=${T},v1=nothing,v1=${digest()}`)).toEqual({ ok: true, secretIndex: 0 });
  });

  it('names the secret that fits, whichever signature it is', () => {
    expect(verify(`t=${T},v1=${digest(T, 'old')},v1=${digest(T, 'new')}`, ['new', 'old'])).toEqual({ ok: true, secretIndex: 0 });
    expect(verify(`t=${T},v1=${digest(T, 'old')}`, ['new', 'old'])).toEqual({ ok: true, secretIndex: 1 });
  });

  it.each(['v0', 'v2', 'V1', ' v1', 'v1 ', 'v11', '__proto__', 'constructor'])('refuses a right digest of version %s', (version) => {
    expect(verify(`t=${T},${version}=${digest()}`)).toEqual({
      ok: false,
      code: 'signature.malformed',
      detail: 'header `Stripe-Signature`: expected a signature of version `v1`',
    });
  });

  it('takes ten signatures, and not eleven', () => {
    const wrong = Array.from({ length: 9 }, () => `v1=${digest(T, 'other')}`).join(',');
    expect(verify(`t=${T},${wrong},v1=${digest()}`).ok).toBe(true);
    expect(verify(`t=${T},v1=${digest()},${wrong},v1=${digest()}`)).toMatchObject({ code: 'signature.malformed' });
  });

  it.each([
    ['no time', `v1=${digest()}`],
    ['two times', `t=${T},t=${T},v1=${digest()}`],
    ['an empty time', `t=,v1=${digest('')}`],
    ['a leading zero', `t=0${T},v1=${digest(`0${T}`)}`],
    ['a sign', `t=+${T},v1=${digest(`+${T}`)}`],
    ['a fraction', `t=${T}.0,v1=${digest(`${T}.0`)}`],
    ['an exponent', `t=1e9,v1=${digest('1e9')}`],
    ['hexadecimal digits', `t=0x6,v1=${digest('0x6')}`],
    ['a far time', `t=9999999999999,v1=${digest('9999999999999')}`],
  ])('refuses a list with %s, signed or not', (_case, value) => {
    expect(verify(value)).toMatchObject({ ok: false, code: 'signature.malformed' });
  });
});

it("judges the past side alone, as Stripe's own library does", () => {
  const ahead = T + 86_400;
  expect(verify(`t=${ahead},v1=${digest(ahead)}`).ok).toBe(true);
  expect(verify(`t=${T - 301},v1=${digest(T - 301)}`)).toMatchObject({ code: 'signature.stale' });
});

it('takes the secret as text, `whsec_` included', () => {
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
  const other = createHmac('sha256', key).update(`${T}.`).update(BODY).digest('hex');
  expect(verify(`t=${T},v1=${other}`)).toMatchObject({ code: 'signature.mismatch' });
});

describe('identify', () => {
  it('takes id, type and time from the event, which is the payload', () => {
    const json = { id: 'evt_1', type: 'payment_intent.succeeded', created: 1_700_000_000, livemode: true };
    expect(identify(json)).toEqual({
      id: 'evt_1',
      type: 'payment_intent.succeeded',
      occurredAt: new Date(1_700_000_000_000),
      payload: json,
      test: false,
    });
  });

  it('marks events of test mode, and nothing else', () => {
    expect(identify({ livemode: false })?.test).toBe(true);
    for (const json of [{ livemode: true }, { livemode: 0 }, { livemode: 'false' }, {}, [], null]) expect(identify(json)?.test).toBe(false);
  });
});
