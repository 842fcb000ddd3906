import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSetPath, setPath } from '../../../src/cli/trigger/set-path.ts';
import { atPointer } from '../../../src/contracts/json.ts';

describe('`--set path=value`', () => {
  test.each([
    ['total=12.5', ['total'], 12.5],
    ['data.items.0.sku=PEN', ['data', 'items', '0', 'sku'], 'PEN'],
    ['/data/items/0/sku=PEN', ['data', 'items', '0', 'sku'], 'PEN'],
    ['/a~1b/~0c=1', ['a/b', '~c'], 1],
    ['note=a=b', ['note'], 'a=b'],
    ['note=', ['note'], ''],
    ['test=true', ['test'], true],
    ['customer=null', ['customer'], null],
    ['items=[{"sku":"PEN"}]', ['items'], [{ sku: 'PEN' }]],
    ['id="42"', ['id'], '42'],
    ['/=root key', [''], 'root key'],
  ])('reads %s', (text, path, value) => {
    expect(parseSetPath(text)).toEqual({ path, value });
  });

  test.each(['', 'total', '=1', 'a..b=1', '.a=1'])('refuses `%s`', (text) => {
    expect(() => parseSetPath(text)).toThrow('expected `path=value`, the path dotted or a JSON pointer');
  });
});

describe('setting a place of a payload', () => {
  const payload = { id: 1, items: [{ sku: 'A' }, { sku: 'B' }] };

  test.each([
    ['id=2', { id: 2, items: payload.items }],
    ['items.1.sku=C', { id: 1, items: [{ sku: 'A' }, { sku: 'C' }] }],
    ['items.2=C', { id: 1, items: [{ sku: 'A' }, { sku: 'B' }, 'C'] }],
    ['items.-.sku=C', { id: 1, items: [{ sku: 'A' }, { sku: 'B' }, { sku: 'C' }] }],
    ['customer.name=Ada', { ...payload, customer: { name: 'Ada' } }],
  ])('%s', (text, expected) => {
    const before = structuredClone(payload);
    expect(setPath(payload, parseSetPath(text))).toEqual(expected);
    expect(payload).toEqual(before);
  });

  test.each([
    ['id.x=1', 'expected an object or an array at `/id`, got number'],
    ['items.3=1', 'expected an index from 0 to 2, or `-`, at `/items`, got `3`'],
    ['items.first=1', 'expected an index from 0 to 2, or `-`, at `/items`, got `first`'],
  ])('refuses %s', (text, message) => {
    expect(() => setPath(payload, parseSetPath(text))).toThrow(message);
  });

  test('gives `__proto__` as a key of the payload, and changes no prototype', () => {
    const changed = setPath({}, parseSetPath('__proto__.polluted=true'));
    expect(JSON.stringify(changed)).toBe('{"__proto__":{"polluted":true}}');
    expect(({} as { readonly polluted?: boolean }).polluted).toBeUndefined();
  });

  test('is read back at the same pointer', () => {
    const key = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 5 }), fc.jsonValue(), (path, any) => {
        const value = JSON.parse(JSON.stringify(any)) as null; // any JSON; the type does not matter here
        const pointer = path.map((one) => `/${one.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
        expect(atPointer(setPath({}, { path, value }), pointer)).toEqual(value);
      }),
    );
  });
});
