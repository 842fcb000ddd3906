import { describe, expect, test } from 'vitest';
import { parseSince } from '../../src/cli/times.ts';

const NOW = new Date('2026-11-24T12:00:00Z');

describe('`--since`', () => {
  test.each([
    ['90s', '2026-11-24T11:58:30.000Z'],
    ['30m', '2026-11-24T11:30:00.000Z'],
    ['1h', '2026-11-24T11:00:00.000Z'],
    ['7d', '2026-11-17T12:00:00.000Z'],
    ['2w', '2026-11-10T12:00:00.000Z'],
    ['999999w', '1970-01-01T00:00:00.000Z'],
    ['2026-11-01', '2026-11-01T00:00:00.000Z'],
    ['2026-11-01T08:30', '2026-11-01T08:30:00.000Z'],
    ['2026-11-01 08:30:15', '2026-11-01T08:30:15.000Z'],
    ['2026-11-01T08:30:15.250+02:00', '2026-11-01T06:30:15.250Z'],
  ])('reads %s', (text, time) => {
    expect(parseSince(text, NOW).toISOString()).toBe(time);
  });

  test.each(['', 'yesterday', '1', '1y', '-1h', '1 h', '2026', '2026-13-01', '1969-12-31', '11/24/2026'])('refuses `%s`', (text) => {
    expect(() => parseSince(text, NOW)).toThrow('expected a span such as `90s`, `30m`, `1h`, `7d`, or an ISO 8601 time');
  });
});
