import { describe, expect, test } from 'vitest';
import { addHeaders, parseGivenHeader } from '../../../src/cli/trigger/add-headers.ts';

describe('`--header Name: value`', () => {
  test.each([
    ['X-Trace: 1', ['X-Trace', '1']],
    ['x-empty:', ['x-empty', '']],
    ['X-Time:  12:30 ', ['X-Time', '12:30']],
    ['X-Name: Zoë', ['X-Name', 'Zoë']],
  ])('reads %j', (text, header) => {
    expect(parseGivenHeader(text)).toEqual(header);
  });

  test.each(['', 'X-Trace', ': 1', 'X Trace: 1', 'X-Trace: a\r\nX-Other: b', 'X-Trace: \u0000', 'X-Trace: €'])('refuses %j', (text) => {
    expect(() => parseGivenHeader(text)).toThrow('expected `Name: value`, in Latin-1 without line ends.');
  });

  test.each(['Content-Length: 3', 'transfer-encoding: chunked', 'Connection: close', 'Upgrade: h2c', 'Host: shop.example'])(
    'leaves %j to the connection',
    (text) => {
      expect(() => parseGivenHeader(text)).toThrow('expected a header that does not belong to the connection.');
    },
  );
});

describe('adding headers', () => {
  test('puts a given one in place of that of the same name, in any case, and beside the others', () => {
    expect(
      addHeaders({ 'Content-Type': 'application/json', 'X-Id': '1' }, [
        ['x-id', '2'],
        ['X-Trace', 't'],
      ]),
    ).toEqual({ 'Content-Type': 'application/json', 'x-id': '2', 'X-Trace': 't' });
  });

  test('takes the last of several', () => {
    expect(
      addHeaders({}, [
        ['X-Id', '1'],
        ['x-ID', '2'],
      ]),
    ).toEqual({ 'x-ID': '2' });
  });

  test('takes a name of the prototype for a name', () => {
    expect(Object.entries(addHeaders({}, [['__proto__', '1']]))).toEqual([['__proto__', '1']]);
  });
});
