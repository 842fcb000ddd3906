import { expect, test } from 'vitest';
import { toSpanText, toTimeText } from '../../src/admin/time-text.ts';

test('a time is shown in UTC to the second', () => {
  expect(toTimeText(new Date('2026-11-24T12:00:00.987Z'))).toBe('2026-11-24 12:00:00Z');
});

test.each([
  [-5, '0 ms'],
  [12.4, '12 ms'],
  [1_234, '1.2 s'],
  [119_999, '120.0 s'],
  [180_000, '3 min'],
])('a span of %d ms is shown as `%s`', (ms, text) => {
  expect(toSpanText(ms)).toBe(text);
});
