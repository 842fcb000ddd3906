import { expect, it } from 'vitest';

import { refuseByHead } from '../../src/ingress/head.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';

const judge = (headers: readonly string[], { method = 'POST', httpVersion = '1.1' } = {}): string | undefined =>
  refuseByHead({ method, httpVersion, headers: toDeliveryHeaders(headers) }, { bodyBytes: 100 })?.code;

it.each([
  ['a plain one', ['Host', 'a', 'Content-Length', '100']],
  ['one in chunks', ['Host', 'a', 'Transfer-Encoding', 'Chunked']],
  ['one that says identity', ['Host', 'a', 'Content-Encoding', 'identity, IDENTITY']],
  ['one without a body', ['Host', 'a']],
])('lets a head pass: %s', (_case, headers) => {
  expect(judge(headers)).toBeUndefined();
});

it('lets HTTP/1.0 pass without a host', () => {
  expect(judge([], { httpVersion: '1.0' })).toBeUndefined();
});

it.each([
  ['no host', [], 'request.malformed'],
  ['two hosts', ['Host', 'a', 'host', 'a'], 'request.malformed'],
  ['a body whose end cannot be told', ['Host', 'a', 'Transfer-Encoding', 'chunked, gzip'], 'request.malformed'],
  [
    'a transfer coding beneath the chunks',
    ['Host', 'a', 'Transfer-Encoding', 'gzip', 'Transfer-Encoding', 'chunked'],
    'request.encodingRefused',
  ],
  ['gzip', ['Host', 'a', 'Content-Encoding', 'gzip'], 'request.encodingRefused'],
  ['gzip in a second line', ['Host', 'a', 'Content-Encoding', 'identity', 'Content-Encoding', 'gzip'], 'request.encodingRefused'],
  ['a body over the limit', ['Host', 'a', 'Content-Length', '101'], 'request.tooLarge'],
  ['a body over everything', ['Host', 'a', 'Content-Length', '99999999999999999999'], 'request.tooLarge'],
])('refuses %s', (_case, headers, code) => {
  expect(judge(headers)).toBe(code);
});

it('refuses another method before anything else', () => {
  expect(judge([], { method: 'GET' })).toBe('method.notAllowed');
});
