import { createHmac, generateKeyPairSync, sign as signAsymmetric } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../src/contracts/json.ts';
import type { Identity, Verdict } from '../../src/contracts/webhook.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import standardWebhooks from '../../src/providers/standard-webhooks.ts';

const NOW = new Date('2026-11-24T12:00:00.000Z');
const T = NOW.getTime() / 1_000;
const KEY = Buffer.from('0123456789abcdef0123456789abcdef');
const SECRET = `whsec_${KEY.toString('base64')}`;
const BODY = Buffer.from('{"type":"user.created"}');
const PAIR = generateKeyPairSync('ed25519');
const PUBLIC = `whpk_${PAIR.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')}`;
const SEED = PAIR.privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
const PRIVATE = `whsk_${Buffer.concat([SEED, Buffer.from(PUBLIC.slice(5), 'base64')]).toString('base64')}`;

const v1 = (id = 'msg_1', t: number | string = T, key: Uint8Array = KEY): string =>
  `v1,${createHmac('sha256', key).update(`${id}.${t}.`).update(BODY).digest('base64')}`;
const v1a = (id = 'msg_1', t: number | string = T): string =>
  `v1a,${signAsymmetric(null, Buffer.concat([Buffer.from(`${id}.${t}.`), BODY]), PAIR.privateKey).toString('base64')}`;

interface Given {
  readonly family?: string;
  readonly id?: string;
  readonly t?: number | string;
  readonly secrets?: readonly string[];
  readonly more?: readonly string[];
}

function verify(signature: string, { family = 'webhook', id = 'msg_1', t = T, secrets = [SECRET], more = [] }: Given = {}): Verdict {
  const lines = [`${family}-id`, id, `${family}-timestamp`, String(t), `${family}-signature`, signature, ...more];
  return standardWebhooks.verify({ headers: toDeliveryHeaders(lines), body: BODY }, { secrets, now: NOW });
}

function identify(json: JsonValue, headers: readonly string[]): Identity | undefined {
  return standardWebhooks.identify({ headers: toDeliveryHeaders(headers), json, body: BODY, options: {}, receivedAt: NOW })[0];
}

it('verifies the example of the specification', () => {
  // github.com/standard-webhooks/standard-webhooks, spec: the secret, id, time and body of its reference libraries' tests
  const body = Buffer.from('{"test": 2432232314}');
  const headers = toDeliveryHeaders([
    'webhook-id',
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp',
    '1614265330',
    'webhook-signature',
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  ]);
  const context = { secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], now: new Date(1_614_265_330_000) };
  expect(standardWebhooks.verify({ headers, body }, context)).toEqual({ ok: true, secretIndex: 0 });
});

describe('the headers', () => {
  it.each(['webhook', 'svix', 'Webhook', 'SVIX'])('may be of the family %s', (family) => {
    expect(verify(v1(), { family })).toEqual({ ok: true, secretIndex: 0 });
  });

  it('are not mixed: id, time and signature of one family count', () => {
    expect(verify(v1('msg_2'), { more: ['svix-id', 'msg_2', 'svix-signature', v1('msg_2')] })).toMatchObject({
      code: 'signature.mismatch',
    });
    expect(verify(v1(), { more: ['svix-id', 'msg_2', 'svix-signature', 'v1,wrong', 'svix-timestamp', '0'] }).ok).toBe(true);
    const mixed = toDeliveryHeaders(['webhook-id', 'msg_1', 'svix-timestamp', String(T), 'webhook-signature', v1()]);
    expect(standardWebhooks.verify({ headers: mixed, body: BODY }, { secrets: [SECRET], now: NOW })).toMatchObject({
      code: 'signature.missing',
    });
  });

  it('give the id that was verified, never that of the other family', () => {
    const both = ['svix-id', 'forged', 'webhook-id', 'msg_1', 'webhook-signature', v1(), 'svix-signature', 'v1,x'];
    expect(identify({}, both)?.id).toBe('msg_1');
    expect(identify({}, ['webhook-id', 'forged', 'svix-id', 'msg_1', 'svix-signature', v1()])?.id).toBe('msg_1');
  });
});

describe('the list of signatures', () => {
  it('may hold several, any of which counts, and unknown ones', () => {
    expect(verify(`v1,${'A'.repeat(43)}= v2,x v1a,y ${v1()} rubbish , v1`).ok).toBe(true);
    expect(verify(`${v1('msg_1', T, Buffer.from('old'))} ${v1()}`).ok).toBe(true);
  });

  it.each(['v2', 'v1a', 'v0', 'V1', '', 'constructor'])('refuses a right digest of version "%s"', (version) => {
    expect(verify(`${version},${v1().slice(3)}`)).toMatchObject({ ok: false, code: 'signature.malformed' });
  });

  it('takes ten signatures, and not eleven', () => {
    const wrong = Array.from({ length: 9 }, () => v1('other'));
    expect(verify([...wrong, v1()].join(' ')).ok).toBe(true);
    expect(verify([v1(), ...wrong, v1()].join(' '))).toMatchObject({ code: 'signature.malformed' });
  });

  it('is not separated by commas', () => {
    expect(verify(`v1,x,${v1()}`).ok).toBe(false);
  });
});

describe('id and time', () => {
  it('are signed', () => {
    expect(verify(v1('msg_2'))).toMatchObject({ code: 'signature.mismatch' });
    expect(verify(v1('msg_1', T - 1))).toMatchObject({ code: 'signature.mismatch' });
  });

  it('must be there, once, and be an id and a time', () => {
    expect(verify(v1(''), { id: '' })).toMatchObject({ code: 'signature.malformed' });
    for (const t of ['', 'x', ' 1', '1.5', `0${T}`, `${T}x`, '-1'])
      expect(verify(v1('msg_1', t), { t })).toMatchObject({ code: 'signature.malformed' });
  });

  it('are judged on both sides of the clock', () => {
    for (const t of [T - 300, T + 300]) expect(verify(v1('msg_1', t), { t }).ok).toBe(true);
    expect(verify(v1('msg_1', T - 301), { t: T - 301 })).toMatchObject({
      code: 'signature.stale',
      detail: 'signed 301 s ago, expected at most 300 s',
    });
    expect(verify(v1('msg_1', T + 301), { t: T + 301 })).toMatchObject({
      code: 'signature.stale',
      detail: 'signed 301 s ahead of our clock, expected at most 300 s',
    });
  });
});

describe('the key', () => {
  it('is what base64 stands behind `whsec_`, padded or not, or alone; else the text itself', () => {
    const short = Buffer.from('a key of 25 bytes, padded');
    expect(verify(v1('msg_1', T, short), { secrets: [`whsec_${short.toString('base64')}`] }).ok).toBe(true);
    expect(verify(v1('msg_1', T, short), { secrets: [`whsec_${short.toString('base64').replaceAll('=', '')}`] }).ok).toBe(true);
    expect(verify(v1('msg_1', T, short), { secrets: [short.toString('base64')] }).ok).toBe(true);
    expect(verify(v1('msg_1', T, Buffer.from('no base64: !')), { secrets: ['no base64: !'] }).ok).toBe(true);
  });

  it.each(['whsec_', 'whsec_no base64', 'whsec_a', 'whpk_', 'whpk_AAAA', 'whsk_AAAA', `whpk_${KEY.toString('hex')}`])(
    'is a fault of the settings where it is such as %s',
    (secret) => {
      const signature = secret.startsWith('whsec_') ? v1() : v1a();
      expect(() => verify(signature, { secrets: [secret] })).toThrow(expect.objectContaining({ code: 'settings.secretWeak' }));
    },
  );
});

describe('Ed25519', () => {
  it('is accepted by the public key, beside shared secrets', () => {
    expect(verify(v1a(), { secrets: [PUBLIC] })).toEqual({ ok: true, secretIndex: 0 });
    expect(verify(`${v1('other')} ${v1a()}`, { secrets: [SECRET, PUBLIC] })).toEqual({ ok: true, secretIndex: 1 });
    expect(verify(`${v1()} ${v1a('other')}`, { secrets: [PUBLIC, SECRET] })).toEqual({ ok: true, secretIndex: 1 });
  });

  it('is refused for another id, time, body or key, and when it is called v1', () => {
    expect(verify(v1a('msg_2'), { secrets: [PUBLIC] })).toMatchObject({ code: 'signature.mismatch' });
    expect(verify(v1a('msg_1', T - 1), { secrets: [PUBLIC] })).toMatchObject({ code: 'signature.mismatch' });
    expect(verify(v1a().replace('v1a,', 'v1,'), { secrets: [PUBLIC] })).toMatchObject({ code: 'signature.malformed' });
    expect(verify(v1a(), { secrets: [SECRET] })).toMatchObject({ code: 'signature.mismatch' });
    expect(verify(v1(), { secrets: [PUBLIC] })).toMatchObject({ code: 'signature.mismatch' });
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
    expect(verify(v1a(), { secrets: [`whpk_${other}`] })).toMatchObject({ code: 'signature.mismatch' });
  });

  it('is refused where it is the point of small order that needs no key', () => {
    const identity = Buffer.alloc(32);
    identity[0] = 1;
    const forged = Buffer.concat([identity, Buffer.alloc(32)]).toString('base64');
    expect(verify(`v1a,${forged}`, { secrets: [PUBLIC] })).toMatchObject({ code: 'signature.mismatch' });
  });

  it.each([PRIVATE, `whsk_${SEED.toString('base64')}`])('is made by the private key, and accepted by it too', (secret) => {
    const headers = standardWebhooks.sign({ body: BODY, secret, now: NOW, headers: { 'Webhook-Id': 'msg_1' } });
    expect(headers).toEqual({ 'webhook-timestamp': String(T), 'webhook-signature': v1a() });
    expect(verify(v1a(), { secrets: [secret] }).ok).toBe(true);
  });

  it('cannot be made by the public key', () => {
    expect(() => standardWebhooks.sign({ body: BODY, secret: PUBLIC, now: NOW })).toThrow(
      expect.objectContaining({ code: 'settings.secretWeak' }),
    );
  });
});

describe('identify', () => {
  const headers = ['svix-id', 'msg_1', 'svix-timestamp', String(T), 'svix-signature', 'v1,x'];

  it.each([
    ['an ISO time', { timestamp: '2026-11-24T11:00:00Z' }, '2026-11-24T11:00:00.000Z'],
    ["milliseconds, as Clerk's", { timestamp: 1_700_000_000_123 }, '2023-11-14T22:13:20.123Z'],
    ["seconds, as OpenAI's", { created_at: 1_700_000_000 }, '2023-11-14T22:13:20.000Z'],
    ['none: then that of the message', {}, '2026-11-24T12:00:00.000Z'],
  ])('takes %s from the body', (_case, json, time) => {
    expect(identify(json, headers)?.occurredAt?.toISOString()).toBe(time);
  });

  it('takes the type from the body, which is the payload', () => {
    expect(identify({ type: 'user.created', data: { id: 1 } }, headers)).toMatchObject({
      id: 'msg_1',
      type: 'user.created',
      payload: { type: 'user.created', data: { id: 1 } },
    });
    expect(identify({ event_type: 'transfer.processed' }, headers)?.type).toBe('transfer.processed');
  });
});
