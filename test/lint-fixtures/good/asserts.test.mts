import { expect, expectTypeOf, test } from 'vitest';

test('has an assertion', () => {
  expect(1).toBe(1);
});

test('has a type', () => {
  expectTypeOf(1).toBeNumber();
});
