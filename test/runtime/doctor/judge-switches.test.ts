import { expect, test } from 'vitest';
import { judgeSwitches, judgeWaits } from '../../../src/runtime/doctor/judge-switches.ts';
import type { SetSwitch } from '../../../src/store/switches.ts';

const SINCE = new Date('2026-03-01T10:00:00Z');
const switchOf = (wish: Pick<SetSwitch, 'verb' | 'kind' | 'name'>, reason: string | null = null): SetSwitch => ({
  ...wish,
  since: SINCE,
  by: 'anna',
  reason,
});

test('no switch is good', () => {
  expect(judgeSwitches([])).toMatchObject([{ check: 'switches', level: 'ok' }]);
});

test.each<[Pick<SetSwitch, 'verb' | 'kind' | 'name'>, string, string]>([
  [{ verb: 'hold', kind: 'all', name: '*' }, 'everything is held', 'release --all'],
  [{ verb: 'hold', kind: 'source', name: 'shop' }, 'source `shop` is held', 'release shop'],
  [{ verb: 'pause', kind: 'agent', name: 'email' }, 'agent `email` is paused', 'resume agent email'],
  [{ verb: 'pause', kind: 'chain', name: 'new-order' }, 'chain `new-order` is paused', 'resume chain new-order'],
])('%j is told since when, by whom, and how it goes on', (wish, found, command) => {
  expect(judgeSwitches([switchOf(wish)])).toEqual([
    {
      check: 'switches',
      level: 'warn',
      found: `${found} since 2026-03-01T10:00:00.000Z by anna`,
      fix: `\`hookline ${command}\` when it may go on`,
    },
  ]);
});

test('each of several is told, with its reason', () => {
  const findings = judgeSwitches([
    switchOf({ verb: 'pause', kind: 'adapter', name: 'mail' }, 'wrong prices'),
    switchOf({ verb: 'hold', kind: 'source', name: 'shop' }),
  ]);
  expect(findings.map(({ found }) => found)).toEqual([
    'adapter `mail` is paused since 2026-03-01T10:00:00.000Z by anna: wrong prices',
    'source `shop` is held since 2026-03-01T10:00:00.000Z by anna',
  ]);
});

test('a vendor that wants to be left alone is told until when; none is no line', () => {
  expect(judgeWaits([])).toEqual([]);
  expect(judgeWaits([{ adapter: 'crm', until: new Date('2026-03-01T10:05:00Z'), since: SINCE }])).toEqual([
    {
      check: 'vendors',
      level: 'info',
      found: 'vendor `crm` has asked since 2026-03-01T10:00:00.000Z to be left alone until 2026-03-01T10:05:00.000Z (Retry-After)',
      fix: 'none: what waits goes on by itself; `hookline resume adapter crm` ends the wait',
    },
  ]);
});
