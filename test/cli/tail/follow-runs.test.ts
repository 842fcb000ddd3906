import { describe, expect, test } from 'vitest';
import type { RunListView } from '../../../src/admin/api/views/run-view.ts';
import { followRuns } from '../../../src/cli/tail/follow-runs.ts';
import { deliveryAt, eventAt, runOf, T0 } from './tail-rows.ts';

/** A follower with a clock, whose runs stand as they are set. */
function following() {
  let nowMs = 0;
  let runs: readonly RunListView[] = [];
  let looks = 0;
  const told: string[] = [];
  const follower = followRuns(() => new Date(T0 + nowMs));
  return {
    told,
    looks: () => looks,
    add: (outcome: 'accepted' | 'duplicate', ms = nowMs) => follower.add(deliveryAt(ms, { outcome }), [eventAt(0)]),
    follower,
    async after(ms: number, ...stand: readonly Partial<RunListView>[]) {
      nowMs += ms;
      runs = stand.map(runOf);
      const reader = {
        runs: async () => {
          looks += 1;
          return runs;
        },
      };
      await follower.look(reader, (line) => line.kind === 'run' && told.push(`${line.run.chain} ${line.run.state} ${line.run.attempt}`));
    },
  };
}

const closed = (state: RunListView['state'], ms: number, attempt = 1): Partial<RunListView> => ({
  state,
  attempt,
  closedAt: new Date(T0 + ms),
});

describe('the runs of an event', () => {
  test('are told when they close, each once', async () => {
    const follow = following();
    follow.add('accepted');
    await follow.after(0, { chain: 'a' }, { chain: 'b' });
    await follow.after(1_000, { chain: 'a', ...closed('done', 500) }, { chain: 'b' });
    await follow.after(1_000, { chain: 'a', ...closed('done', 500) }, { chain: 'b', ...closed('failed', 1_500) });
    await follow.after(1_000, { chain: 'a', ...closed('done', 500) }, { chain: 'b', ...closed('failed', 1_500) });
    expect(follow.told).toEqual(['a done 1', 'b failed 1']);
  });

  test('are told again when they were repaired', async () => {
    const follow = following();
    follow.add('accepted');
    await follow.after(0, closed('failed', 0));
    await follow.after(5_000, { state: 'started', attempt: 2 });
    await follow.after(5_000, closed('done', 9_000, 2));
    expect(follow.told).toEqual(['new-order failed 1', 'new-order done 2']);
  });

  test('are told by whatever clock they have closed', async () => {
    const follow = following();
    follow.add('accepted');
    await follow.after(0, closed('done', -3_000));
    expect(follow.told).toEqual(['new-order done 1']);
  });

  test('are not told for a resend of what was done before, but for one that repairs', async () => {
    const follow = following();
    follow.add('duplicate', 10_000);
    await follow.after(10_000, closed('failed', 2_000));
    await follow.after(1_000, closed('done', 10_500, 2));
    expect(follow.told).toEqual(['new-order done 2']);
  });

  test('are not told twice for a resend that comes a little later', async () => {
    const follow = following();
    follow.add('accepted');
    await follow.after(0, closed('done', 0));
    follow.add('duplicate', 0);
    await follow.after(1_000, closed('done', 0));
    expect(follow.told).toEqual(['new-order done 1']);
  });

  test('are looked at no more once all is done, and ever less often while it takes long', async () => {
    const follow = following();
    follow.add('accepted');
    for (let second = 0; second < 600; second++) await follow.after(1_000, { state: 'started' });
    const slow = follow.looks();
    expect(slow).toBeLessThan(60);
    await follow.after(60_000, closed('done', 0));
    await follow.after(60_000, closed('done', 0));
    expect(follow.looks()).toBe(slow + 1);
  });

  test('of an event that nobody wants are none', async () => {
    const follow = following();
    follow.follower.add(deliveryAt(0, { outcome: 'ignored' }), [eventAt(0, { state: 'ignored' })]);
    await follow.after(1_000);
    expect(follow.looks()).toBe(0);
  });

  test('of a held event are awaited until it is released', async () => {
    const follow = following();
    follow.follower.add(deliveryAt(0, { outcome: 'held' }), [eventAt(0, { state: 'held' })]);
    await follow.after(1_000);
    await follow.after(3_600_000);
    await follow.after(60_000, closed('done', 0));
    expect(follow.told).toEqual(['new-order done 1']);
  });
});
