import { describe, expect, test } from 'vitest';
import { judgeDisk } from '../../../src/runtime/doctor/judge-disk.ts';
import { judgeTraffic, type TrafficFacts } from '../../../src/runtime/doctor/judge-traffic.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const WELL: TrafficFacts = {
  newest: new Map([['shop', NOW]]),
  unknownEffects: 0,
  failedRuns: 0,
  stuckRuns: 0,
  waitingSeconds: null,
  now: NOW,
};
const judge = (wish: Partial<TrafficFacts>) => judgeTraffic({ ...WELL, ...wish }).filter(({ level }) => level !== 'ok');

describe('what has come in', () => {
  test('needs nobody where all of it is done, or about to be started', () => {
    expect(judge({})).toEqual([]);
    expect(judge({ waitingSeconds: 60 })).toEqual([]);
  });

  test('is worth a word, and no more, where a source has been silent for a day', () => {
    const newest = new Map([
      ['shop', NOW],
      ['erp', null],
      ['hub', new Date(NOW.getTime() - 86_400_001)],
    ]);
    expect(judge({ newest })).toMatchObject([{ check: 'sources', level: 'info', found: '2 of 3 without a delivery for a day: erp, hub' }]);
  });

  test.each([
    ['runs wait to be started', { waitingSeconds: 61 }, 'starts', 'hookline runs --state pending'],
    ['effects are unknown', { unknownEffects: 2 }, 'effects', 'hookline effects --state unknown'],
    ['runs are stuck', { stuckRuns: 1, failedRuns: 1 }, 'runs', 'hookline runs --code run.taskFailing'],
    ['runs have failed', { failedRuns: 1 }, 'runs', 'hookline runs --state failed'],
  ])('wants a look where %s, and says by which command', (_name, wish, check, command) => {
    expect(judge(wish)).toMatchObject([{ check, level: 'warn', fix: expect.stringContaining(command) as string }]);
  });
});

test.each([
  [6 * 1024 ** 3, 'ok'],
  [4 * 1024 ** 3, 'warn'],
  [1024 ** 2, 'fail'],
  [null, 'info'],
])('a disk with %s bytes free is %s', (free, level) => {
  expect(judgeDisk(free).level).toBe(level);
});
