import { describe, expect, it } from 'vitest';
import { createPauseWait } from '../../src/activities/pause-wait.ts';
import type { Stop } from '../../src/store/stops.ts';

const stopFor = (ageMs: number, name = 'email'): Stop => ({ verb: 'pause', kind: 'agent', name, ageMs });
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

describe('createPauseWait', () => {
  it.each([
    ['a clock behind the switch', -5 * SECOND, 'effect', SECOND],
    ['just now', 0, 'effect', SECOND],
    ['20 s ago', 20 * SECOND, 'effect', 5 * SECOND],
    ['an hour ago', 60 * MINUTE, 'effect', 30 * SECOND],
    ['just now', 0, 'state', SECOND],
    ['10 min ago', 10 * MINUTE, 'state', 2.5 * MINUTE],
    ['a day ago', 24 * 60 * MINUTE, 'state', 5 * MINUTE],
  ] as const)('what was paused %s (%i ms) has an %s action wait a quarter of that, within its bounds', (_name, ageMs, kind, expected) => {
    expect(createPauseWait({ random: () => 0, nowMs: () => 0 })(stopFor(ageMs), kind)).toBe(expected);
  });

  it('spreads waits by a fifth, so that processes do not ask together', () => {
    expect(createPauseWait({ random: () => 1, nowMs: () => 0 })(stopFor(40 * SECOND), 'effect')).toBe(12 * SECOND);
  });

  it('gives 10,000 waiting actions turns that are 20 ms apart, in the order in which they ask', () => {
    const wait = createPauseWait({ random: () => 0, nowMs: () => 0 });
    const waits = Array.from({ length: 10_000 }, () => wait(stopFor(0), 'effect'));
    expect(waits).toEqual(waits.map((_wait, index) => SECOND + index * 20));
  });

  it('has nobody wait for those whom another switch stops, nor effects for state actions', () => {
    const wait = createPauseWait({ random: () => 0, nowMs: () => 0 });
    for (let turn = 0; turn < 1_000; turn += 1) wait(stopFor(0), 'state');
    expect([wait(stopFor(0), 'effect'), wait(stopFor(0, 'crm'), 'state')]).toEqual([SECOND, SECOND]);
  });

  it('has no turn left over once those who took them have asked again', () => {
    let nowMs = 0;
    const wait = createPauseWait({ random: () => 0, nowMs: () => nowMs });
    for (let turn = 0; turn < 100; turn += 1) wait(stopFor(0), 'effect');
    nowMs = 10 * SECOND;
    expect(wait(stopFor(0), 'effect')).toBe(SECOND);
  });
});
