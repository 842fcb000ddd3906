import { expect, it } from 'vitest';
import { createBreaker } from '../../src/ingress/breaker.ts';

it('is closed at first, tells once that a server is down, and once that it is back', () => {
  const breaker = createBreaker(() => new Date(0));
  expect([breaker.isOpen(), breaker.downSince()]).toEqual([false, null]);
  expect([breaker.trip(), breaker.trip()]).toEqual([true, false]);
  expect([breaker.isOpen(), breaker.downSince()]).toEqual([true, new Date(0)]);
  expect([breaker.reset(), breaker.reset()]).toEqual([true, false]);
  expect([breaker.isOpen(), breaker.downSince()]).toEqual([false, null]);
});

it('puts each probe further off, from 250 ms up to 5 s, and begins anew after the server was back', () => {
  let now = 0;
  const breaker = createBreaker(() => new Date(now));
  const waits = Array.from({ length: 7 }, () => {
    breaker.trip();
    const from = now;
    while (!breaker.mayProbe()) now += 10;
    return now - from;
  });
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  breaker.reset();
  breaker.trip();
  const from = now;
  while (!breaker.mayProbe()) now += 10;
  expect(now - from).toBe(250);
});

it('does not put a probe off for calls that failed before it was due', () => {
  let now = 0;
  const breaker = createBreaker(() => new Date(now));
  breaker.trip();
  for (now = 10; now <= 100; now += 10) breaker.trip();
  now += 260;
  expect(breaker.mayProbe()).toBe(true);
});
