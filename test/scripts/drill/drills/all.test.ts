import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { allDrill } from '../../../../scripts/drill/drills/all.ts';
import { createRandom } from '../../../../src/cli/drill/create-random.ts';
import { createFakeWorld, type FakeWorld } from '../fake-world.ts';

/** Something else is broken when PostgreSQL does not come back. */
const SEED_WITH_NEIGHBOURS = 7;
const LASTS_MS = 60 * 60_000;
/** For what is mended after the end: none of it waits any more. */
const MENDED_MS = 1_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A world whose time is that of fake timers; the drill is over after an hour of it. */
function createWorld(seed: number): FakeWorld {
  const startedAt = Date.now();
  const leftMs = (): number => startedAt + LASTS_MS - Date.now();
  return createFakeWorld({
    random: createRandom(seed),
    wait: (ms) => new Promise((resolve) => void setTimeout(resolve, Math.max(0, Math.min(ms, leftMs())))),
    isOver: () => leftMs() <= 0,
  });
}

describe('faults of every kind', () => {
  it.each([7, 11])('come about every 10 s and go on beside each other, and none breaks what is broken (seed %i)', async (seed) => {
    const world = createWorld(seed);
    let most = 0;
    const look = setInterval(() => (most = Math.max(most, world.broken().length)), 1_000);
    const drill = allDrill.disturb(world.disturbance); // anything that is broken twice rejects
    await vi.advanceTimersByTimeAsync(LASTS_MS + MENDED_MS);
    clearInterval(look);
    await drill;
    expect(world.broken()).toEqual([]);
    expect(most).toBeGreaterThan(1);
    const faults = world.notes.filter((note) => !note.endsWith('was replaced')).length; // one rolling restart says so four times
    expect(faults).toBeGreaterThan(LASTS_MS / 10_000 / 1.3);
    expect(faults).toBeLessThan((LASTS_MS / 10_000) * 1.3);
  });

  it('never break what is broken, whatever the seed', async () => {
    for (let seed = 20; seed < 26; seed += 1) {
      const drill = allDrill.disturb(createWorld(seed).disturbance);
      const [ended] = await Promise.all([Promise.allSettled([drill]), vi.advanceTimersByTimeAsync(LASTS_MS + MENDED_MS)]);
      expect({ seed, ended }).toMatchObject({ seed, ended: [{ status: 'fulfilled' }] });
    }
  });

  it('leave none out', async () => {
    const world = createWorld(1);
    const drill = allDrill.disturb(world.disturbance);
    await vi.advanceTimersByTimeAsync(LASTS_MS + MENDED_MS);
    await drill;
    expect([...world.everBroken]).toEqual(
      expect.arrayContaining([
        'temporal away',
        'temporal slow',
        'temporal silent',
        'temporal paused',
        'postgres away',
        'postgres cut',
        'mail cut',
        'ingress-1 away',
        'ingress-1 paused',
        'ingress-1 equipped',
        'worker-1 away',
        'worker-2 paused',
        'worker-2 equipped',
        'a burst',
      ]),
    );
    expect(world.notes).toEqual(
      expect.arrayContaining(['crm was slow', 'crm was failing', 'mail was dropping', "the shop's secret was rotated"]),
    );
  });

  it('end the drill where one cannot be mended, once those beside it have ended', async () => {
    const world = createWorld(SEED_WITH_NEIGHBOURS);
    Object.assign(world.disturbance.stack.postgres, { start: () => Promise.reject(new Error('does not come back')) });
    let left: readonly string[] = [];
    const ended = allDrill.disturb(world.disturbance).finally(() => (left = world.broken()));
    const [drill] = await Promise.all([Promise.allSettled([ended]), vi.advanceTimersByTimeAsync(LASTS_MS + MENDED_MS)]);
    expect(drill).toMatchObject([{ status: 'rejected', reason: { message: 'does not come back' } }]);
    expect(left).toEqual(['postgres away']);
  });
});
