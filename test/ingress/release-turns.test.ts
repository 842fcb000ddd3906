import { describe, expect, test } from 'vitest';

import { createReleaseTurns } from '../../src/ingress/release-turns.ts';
import type { SetSwitch } from '../../src/store/switches.ts';

const ALL: SetSwitch = { verb: 'hold', kind: 'all', name: '*', since: new Date(0), by: 'anna', reason: null };
const SHOP: SetSwitch = { ...ALL, kind: 'source', name: 'shop' };

/** The seconds up to `until` in which a look is due, each of which finds nothing. */
function looks(turns: ReturnType<typeof createReleaseTurns>, { from, until, switches = [] }: Span): readonly number[] {
  const seconds = Array.from({ length: until - from }, (_none, index) => from + index);
  return seconds.filter((second) => {
    const due = turns.isDue(switches, second * 1_000);
    if (due) turns.looked(false, second * 1_000);
    return due;
  });
}
interface Span {
  readonly from: number;
  readonly until: number;
  readonly switches?: readonly SetSwitch[];
}

describe('turns of the releaser', () => {
  test('look at the start, then ever more rarely, and each minute for ever', () => {
    expect(looks(createReleaseTurns(), { from: 0, until: 300 })).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
  });

  test('look at once, and often again, when a hold has gone', () => {
    const turns = createReleaseTurns();
    looks(turns, { from: 0, until: 200, switches: [SHOP] });
    expect(looks(turns, { from: 200, until: 240 })).toEqual([200, 201, 203, 207, 215, 231]);
  });

  test('take a hold that was set anew between two glances for one that has gone', () => {
    const turns = createReleaseTurns();
    looks(turns, { from: 0, until: 200, switches: [SHOP] });
    expect(turns.isDue([{ ...SHOP, since: new Date(1) }], 200_000)).toBe(true);
  });

  test('never look while everything is held, and at once when it no longer is', () => {
    const turns = createReleaseTurns();
    expect(looks(turns, { from: 0, until: 300, switches: [ALL] })).toEqual([]);
    expect(turns.isDue([], 300_000)).toBe(true);
  });

  test('look often again after one that has found something', () => {
    const turns = createReleaseTurns();
    looks(turns, { from: 0, until: 64 });
    expect(turns.isDue([], 123_000)).toBe(true);
    turns.looked(true, 123_000);
    expect(looks(turns, { from: 124, until: 140 })).toEqual([124, 125, 127, 131, 139]);
  });

  test('look at once where the clock was set back, and do not wait until it has come to the same time again', () => {
    const turns = createReleaseTurns();
    looks(turns, { from: 7_200, until: 7_300 });
    expect(looks(turns, { from: 3_600, until: 3_800 })).toEqual([3_600, 3_660, 3_720, 3_780]);
  });

  test('look again at the next glance after one that has failed', () => {
    const turns = createReleaseTurns();
    expect([turns.isDue([], 0), turns.isDue([], 1_000)]).toEqual([true, true]);
  });
});
