import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toJsonLine, toPrintable, toPrintableLines } from '../../src/admin/printable.ts';

const OBEYED = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/;

describe('a text for a terminal', () => {
  test.each([
    ['a title set by OSC', '\u001B]0;evil\u0007', '\ufffd]0;evil\ufffd'],
    ['a colour by the one-byte CSI', '\u009B31m', '\ufffd31m'],
    ['a line that is written over', 'safe\r\nevil', 'safe\ufffd\ufffdevil'],
    ['a text that reads backwards', 'invoice\u202Egpj.exe', 'invoice\ufffdgpj.exe'],
    ['letters of any language', 'Åsa 東京 👩‍🚀', 'Åsa 東京 👩‍🚀'],
  ])('shows %s harmlessly', (_name, text, shown) => {
    expect(toPrintable(text)).toBe(shown);
  });

  test('keeps line ends and tabs where they are wanted, and nothing else', () => {
    expect(toPrintableLines('a\tb\n\u001B[31mc\r')).toBe('a\tb\n\ufffd[31mc\ufffd');
  });
});

test('JSON in one line is the same value, and holds nothing that a terminal would obey', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const line = toJsonLine(value);
      expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(line).not.toMatch(OBEYED);
    }),
  );
});
