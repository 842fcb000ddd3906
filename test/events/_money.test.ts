import fc from 'fast-check';
import { expect, it } from 'vitest';
import { amount, toAmount } from '../../src/events/_money.ts';

it.each([
  ['199.00', 199],
  ['0', 0],
  ['0.1', 0.1],
  ['12345678901.1234', 12345678901.1234],
  ['1.500000', 1.5],
  [19.99, 19.99],
])('reads %s', (value, expected) => {
  expect(toAmount(value)).toBe(expected);
  expect(amount.safeParse(toAmount(value)).success).toBe(true);
});

it.each(['', ' 1', '1,00', '1e3', '-1', '+1', '.5', '5.', '0x10', 'NaN', '1'.repeat(12), null, true, {}, undefined])(
  'reads nothing in %j',
  (value) => {
    expect(toAmount(value)).toBeUndefined();
  },
);

it.each([-0.01, Number.NaN, Number.POSITIVE_INFINITY, 1e11, 0.00001])('refuses %d', (value) => {
  expect(amount.safeParse(value).success).toBe(false);
});

it('takes every amount of up to four decimals below 10^11, and prints it with the same digits', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), (tenThousandths) => {
      const digits = tenThousandths.toString().padStart(5, '0');
      const text = `${digits.slice(0, -4)}.${digits.slice(-4)}`;
      expect(amount.parse(toAmount(text)).toFixed(4)).toBe(text);
    }),
  );
});
