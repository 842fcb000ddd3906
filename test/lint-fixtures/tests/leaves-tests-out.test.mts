import { describe, expect, it, test } from 'vitest';

describe.only('only this', () => { // bad: vitest/no-focused-tests
  it.skip('is left out', () => { // bad: vitest/no-disabled-tests
    expect(1).toBe(1);
  });

  test('cannot fail', () => {}); // bad: vitest/expect-expect
});
