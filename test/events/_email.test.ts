import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isEmailAddress } from '../../src/events/_email.ts';

it.each([
  'a@b',
  'ada@example.com',
  "o'brien+tag@mail.example.co.uk",
  'x_y.z-1@1and1.example',
  `${'a'.repeat(64)}@${'b'.repeat(63)}.example`,
])('takes %s', (address) => {
  expect(isEmailAddress(address)).toBe(true);
});

it.each([
  '',
  '@',
  'a@',
  '@b',
  'a@b@c',
  'a b@c',
  ' a@b',
  'a@b ',
  'a@b\n',
  'a@b\r\nBcc: x@y',
  'a,b@c',
  'a@b,c@d',
  'a@b;c@d',
  '<a@b>',
  'A <a@b>',
  '"a"@b',
  'a"@b',
  'a@b>',
  'a\0@b',
  'a.@b',
  '.a@b',
  'a..b@c',
  'a@-b',
  'a@b-',
  'a@b..c',
  'a@[127.0.0.1]',
  'a(x)@b',
  'a\\@b',
  'a:b@c',
  'ä@b',
  'a@ä',
  `${'a'.repeat(65)}@b`,
  `a@${'b'.repeat(64)}`,
  `a@${`${'b'.repeat(60)}.`.repeat(5)}example`,
])('refuses %j', (address) => {
  expect(isEmailAddress(address)).toBe(false);
});

it('takes nothing that could add a recipient or end a header', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from('ab.@,;:<>"()[]\\ \t\r\n\0é')) }), (text) => {
      expect(isEmailAddress(text) && !/^[ab.]+@[ab.]+$/.test(text)).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

it('answers at once for texts made to make a pattern go back and forth', () => {
  const started = performance.now();
  for (const text of [`${'a.'.repeat(100)}!`, `a@${'a-'.repeat(120)}!`, `a@${'a.'.repeat(120)}!`, 'a'.repeat(1_000_000)])
    isEmailAddress(text);
  expect(performance.now() - started).toBeLessThan(50);
});
