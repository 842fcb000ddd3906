import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atPointer, canonicalJson, isJsonObject } from '../../src/contracts/json.ts';

// RFC 6901, section 5
const DOCUMENT = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, 'e^f': 3, 'g|h': 4, 'i\\j': 5, 'k"l': 6, ' ': 7, 'm~n': 8 };

describe('atPointer', () => {
  test.each([
    ['', DOCUMENT],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('finds %j as RFC 6901 has it', (pointer, value) => {
    expect(atPointer(DOCUMENT, pointer)).toEqual(value);
  });

  test.each(['/nothing', '/foo/2', '/foo/-', '/foo/01', '/foo/length', '/foo/0/length', '/constructor', '/__proto__', '/foo/map'])(
    'finds nothing at %j',
    (pointer) => {
      expect(atPointer(DOCUMENT, pointer)).toBeUndefined();
    },
  );

  test('finds nothing in nothing', () => {
    expect(atPointer(undefined, '/foo')).toBeUndefined();
    expect(atPointer(null, '/foo')).toBeUndefined();
  });

  test('reads `~01` as `~1`', () => {
    expect(atPointer({ '~1': 1, '/': 2 }, '/~01')).toBe(1);
  });
});

describe('canonicalJson', () => {
  test('sorts keys at every level, keeps the order of arrays, and leaves undefined out', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }, 3], a: undefined, A: null })).toBe('{"A":null,"b":[{"c":2,"d":1},3]}');
  });

  test('gives equal texts for equal values, and the value back', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('isJsonObject', () => {
  test.each([
    [{}, true],
    [[], false],
    [null, false],
    ['x', false],
    [undefined, false],
  ])('of %j is %s', (value, is) => {
    expect(isJsonObject(value)).toBe(is);
  });
});
