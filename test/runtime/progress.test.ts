import { describe, expect, it } from 'vitest';

import { toProgressLine, withProgress, type ProgressEvent } from '../../src/runtime/progress.ts';

describe('withProgress', () => {
  it('shows life from the start on, with what has arrived and how long it takes, until the work has ended', async () => {
    const events: ProgressEvent[] = [];
    let clock = 0;
    let arrived = 0;
    let third = (): void => {};
    const seen = new Promise<void>((resolve) => (third = resolve));
    const result = await withProgress({
      what: 'downloading',
      everyMs: 5,
      now: () => (clock += 500),
      bytes: () => (arrived += 1_500_000),
      progress: (event) => {
        events.push(event);
        if (events.length === 3) third();
      },
      run: async () => {
        await seen;
        return 'done';
      },
    });
    expect(result).toBe('done');
    expect(events.slice(0, 3)).toEqual([
      { what: 'downloading', elapsedS: 0 },
      { what: 'downloading', elapsedS: 0, megabytes: 1 },
      { what: 'downloading', elapsedS: 1, megabytes: 3 },
    ]);
  });

  it('passes on the failure of the work', async () => {
    await expect(withProgress({ what: 'downloading', progress: () => {}, run: () => Promise.reject(new Error('broken')) })).rejects.toThrow(
      'broken',
    );
  });
});

describe('toProgressLine', () => {
  it.each([
    [{ what: 'building', elapsedS: 0 }, 'building …'],
    [{ what: 'building', elapsedS: 61 }, 'building … 61 s'],
    [{ what: 'downloading', elapsedS: 4, megabytes: 31 }, 'downloading … 31 MB, 4 s'],
  ])('writes %o as one line', (event, line) => {
    expect(toProgressLine(event)).toBe(line);
  });
});
