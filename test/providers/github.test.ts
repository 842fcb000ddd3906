import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/contracts/webhook.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import github from '../../src/providers/github.ts';
import type { Decoded } from '../../src/providers/define-provider.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const FORM = 'application/x-www-form-urlencoded';

it("verifies the example of GitHub's documentation", () => {
  const request = {
    headers: toDeliveryHeaders(['X-Hub-Signature-256', 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17']),
    body: Buffer.from('Hello, World!'),
  };
  expect(github.verify(request, { secrets: ["It's a Secret to Everybody"], now: NOW })).toEqual({ ok: true, secretIndex: 0 });
});

it('is not satisfied by the older signature, alone or beside', () => {
  const body = Buffer.from('{}');
  const sha1 = `sha1=${createHmac('sha1', 's').update(body).digest('hex')}`;
  const verify = (...lines: readonly string[]): Verdict =>
    github.verify({ headers: toDeliveryHeaders(lines), body }, { secrets: ['s'], now: NOW });
  expect(verify('X-Hub-Signature', sha1)).toMatchObject({ code: 'signature.missing' });
  expect(verify('X-Hub-Signature-256', sha1)).toMatchObject({ code: 'signature.malformed' });
  expect(verify('X-Hub-Signature', sha1, 'X-Hub-Signature-256', `sha256=${'0'.repeat(64)}`)).toMatchObject({ code: 'signature.mismatch' });
});

it('accepts the older signature alone, where somebody asks for that', () => {
  const body = Buffer.from('{}');
  const sha1 = `sha1=${createHmac('sha1', 's').update(body).digest('hex')}`;
  const verify = (...lines: readonly string[]): Verdict =>
    github.verify({ headers: toDeliveryHeaders(lines), body }, { secrets: ['s'], now: NOW, legacy: true });
  expect(verify('X-Hub-Signature', sha1)).toEqual({ ok: true, secretIndex: 0 });
  expect(verify('X-Hub-Signature', sha1.replace('sha1', 'sha256'))).toMatchObject({ code: 'signature.malformed' });
  expect(verify('X-Hub-Signature', sha1, 'X-Hub-Signature-256', `sha256=${'0'.repeat(64)}`)).toMatchObject({ code: 'signature.mismatch' });
});

it('takes id and event from headers, and says that nothing has signed them', () => {
  const headers = toDeliveryHeaders(['X-GitHub-Delivery', '72d3162e-cc78-11e3-81ab-4c9367dc0958', 'X-GitHub-Event', 'issues']);
  const json = { action: 'opened' };
  expect(github.identify({ headers, json, body: Buffer.from('{}'), options: {}, receivedAt: NOW })).toEqual([
    { id: '72d3162e-cc78-11e3-81ab-4c9367dc0958', type: 'issues', payload: json, idUnsigned: true },
  ]);
});

describe('a form', () => {
  const decode = (body: string, contentType = FORM): Decoded | undefined =>
    github.decode?.({ headers: toDeliveryHeaders(['Content-Type', contentType]), body: Buffer.from(body) });
  const text = (decoded: Decoded | undefined): string | undefined =>
    decoded?.ok === true ? Buffer.from(decoded.json).toString() : undefined;

  it('gives the JSON of its field, byte for byte', () => {
    const json = '{"a":"ü+& =%","b":1}';
    expect(text(decode(`payload=${encodeURIComponent(json)}`))).toBe(json);
    expect(text(decode(`payload=${new URLSearchParams({ '': json }).toString().slice(1)}`, `${FORM}; charset=utf-8`))).toBe(json);
    expect(text(decode('payload='))).toBe('');
  });

  it('is told by its content type alone', () => {
    expect(text(decode('{"a":1}', 'application/json'))).toBe('{"a":1}');
    expect(text(decode('payload=%7B%7D', 'application/json'))).toBe('payload=%7B%7D');
    expect(text(decode('payload=%7B%7D', ` ${FORM.toUpperCase()} ;x=y`.trim()))).toBe('{}');
  });

  it.each([
    ['another field', 'data=%7B%7D'],
    ['two fields', 'payload=%7B%7D&more=1'],
    ['the field twice', 'payload=%7B%7D&payload=%7B%7D'],
    ['the field not first', 'a=1&payload=%7B%7D'],
    ['JSON that somebody calls a form', '{"commit":"&payload=%7B%22forged%22%3A1%7D&"}'],
    ['a broken escape', 'payload=%7B%7'],
    ['nothing', ''],
  ])('is refused with %s', (_case, body) => {
    expect(decode(body)).toMatchObject({ ok: false, code: 'body.notForm' });
  });
});
