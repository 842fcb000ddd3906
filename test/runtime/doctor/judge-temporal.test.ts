import { describe, expect, test } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../../src/contracts/names.ts';
import { judgeTemporal } from '../../../src/runtime/doctor/judge-temporal.ts';
import type { TemporalFacts } from '../../../src/runtime/doctor/temporal-facts.ts';

const NOW = new Date('2026-03-01T10:00:00Z');
const DAY_MS = 86_400_000;
const ago = (ms: number): Date => new Date(NOW.getTime() - ms);
const names = Object.values(SEARCH_ATTRIBUTES);
const WELL: TemporalFacts = {
  version: '1.29.1',
  retentionMs: 7 * DAY_MS,
  searchAttributes: new Map(names.map((name) => [name, true])),
  pollers: { workflow: [ago(1_000)], activity: [ago(60_000)] },
};
const judge = (wish: Partial<TemporalFacts>) => judgeTemporal({ ...WELL, ...wish }, { now: NOW }).filter(({ level }) => level !== 'ok');

describe('a Temporal server', () => {
  test('that is as it should be passes every check', () => {
    expect(judge({})).toEqual([]);
    expect(judge({ version: '1.32.0-rc.1', retentionMs: 30 * DAY_MS })).toEqual([]);
  });

  test.each<[string, Partial<TemporalFacts>, string, string, string]>([
    ['is too old', { version: '1.29.0' }, 'temporal', 'fail', 'older than 1.29.1'],
    ['forgets too soon', { retentionMs: 3 * DAY_MS }, 'retention', 'fail', 'for 3 days'],
    ['lacks search attributes', { searchAttributes: new Map() }, 'search attributes', 'warn', `${names.join(', ')} missing`],
    [
      'has one of another type',
      { searchAttributes: new Map(names.map((name, index) => [name, index > 0])) },
      'search attributes',
      'warn',
      'HooklineSource is of another type',
    ],
    ['has no worker for chains', { pollers: { workflow: [], activity: [NOW] } }, 'worker', 'fail', 'for chains'],
    [
      'is ahead of this machine',
      { pollers: { workflow: [NOW], activity: [ago(-2_500)] } },
      'temporal clock',
      'fail',
      'at least 2.5 s behind',
    ],
    ['has a worker that is gone', { pollers: { workflow: [NOW], activity: [ago(90_001)] } }, 'worker', 'fail', 'for actions'],
  ])('that %s does not', (_name, wish, check, level, found) => {
    expect(judge(wish)).toEqual([
      { check, level, found: expect.stringContaining(found) as string, fix: expect.stringMatching(/./) as string },
    ]);
  });

  test('that keeps its version or its search attributes to itself is no failure', () => {
    expect(judge({ version: '', searchAttributes: null }).map(({ level }) => level)).toEqual(['info', 'info']);
  });
});

test('the clock of a Temporal that no worker polls cannot be told', () => {
  expect(judge({ pollers: { workflow: [], activity: [] } }).map(({ check, level }) => [check, level])).toEqual([
    ['worker', 'fail'],
    ['temporal clock', 'info'],
  ]);
});
