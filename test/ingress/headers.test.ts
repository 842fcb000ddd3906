import { expect, it } from 'vitest';

import { toDeliveryHeaders } from '../../src/ingress/headers.ts';

const headers = toDeliveryHeaders(['X-Sig', 'a', 'x-sig', 'b', 'Content-Type', 'text/plain', '__proto__', 'x', 'Constructor', 'y']);

it('gives a header that stands once, in any case of its name', () => {
  expect(headers.one('CONTENT-type')).toBe('text/plain');
});

it('gives a doubled header in no single value, and every value in order', () => {
  expect(headers.one('X-Sig')).toBeUndefined();
  expect(headers.all('X-SIG')).toEqual(['a', 'b']);
});

it('gives nothing for a header that is absent', () => {
  expect(headers.one('x-none')).toBeUndefined();
  expect(headers.all('x-none')).toEqual([]);
});

it('takes names of prototypes for names like any other', () => {
  expect([headers.one('__proto__'), headers.one('constructor'), headers.one('toString')]).toEqual(['x', 'y', undefined]);
});

it('keeps every line in order, names in lower case', () => {
  expect(headers.lines.map(([name]) => name)).toEqual(['x-sig', 'x-sig', 'content-type', '__proto__', 'constructor']);
});
