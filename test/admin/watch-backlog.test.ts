import { describe, expect, test } from 'vitest';
import { createMeter } from '../../src/admin/meter.ts';
import { watchBacklog } from '../../src/admin/watch-backlog.ts';
import type { Backlog } from '../../src/store/backlog.ts';

const BACKLOG: Backlog = {
  states: [
    { state: 'pending', runs: 7, oldestSeconds: 12.5 },
    { state: 'failed', runs: 2, oldestSeconds: null },
  ],
  effectsUnknown: 1,
  runsStuck: 4,
  waits: [{ adapter: 'crm', seconds: 2.5 }],
  events: [
    { state: 'held', events: 3, oldestSeconds: 90 },
    { state: 'quarantined', events: 0, oldestSeconds: 0 },
  ],
  switches: [
    { verb: 'hold', kind: 'source', name: 'shop' },
    { verb: 'pause', kind: 'adapter', name: 'mail' },
  ],
};

describe('watchBacklog', () => {
  test('shows what is not finished, and reads it again only after 5 s', async () => {
    const meter = createMeter('up');
    let reads = 0;
    let ms = 0;
    const readAnew = watchBacklog({
      meter,
      read: async () => {
        reads += 1;
        return BACKLOG;
      },
      monotonicMs: () => ms,
    });
    await Promise.all([readAnew(), readAnew()]);
    expect(meter.toText()).toContain('\nhookline_runs{state="pending"} 7\nhookline_runs{state="failed"} 2\n');
    expect(meter.toText()).toContain('\nhookline_runs_oldest_seconds{state="pending"} 12.5\n# HELP hookline_runs_stuck');
    expect(meter.toText()).toContain('\nhookline_effects_unknown 1\n');
    expect(meter.toText()).toContain('\nhookline_events{state="held"} 3\nhookline_events{state="quarantined"} 0\n');
    expect(meter.toText()).toContain('\nhookline_events_oldest_seconds{state="held"} 90\n');
    expect(meter.toText()).toContain('\nhookline_runs_stuck 4\n');
    expect(meter.toText()).toContain('\nhookline_vendor_wait_seconds{adapter="crm"} 2.5\n');
    ms = 4_999;
    await readAnew();
    expect(reads).toBe(1);
    ms = 5_000;
    await readAnew();
    expect(reads).toBe(2);
  });

  test('shows what an operator has stopped', async () => {
    const meter = createMeter('up');
    await watchBacklog({ meter, read: async () => BACKLOG, monotonicMs: () => 0 })();
    expect(meter.toText()).toContain(
      '\nhookline_switches{verb="hold",kind="source",name="shop"} 1\nhookline_switches{verb="pause",kind="adapter",name="mail"} 1\n',
    );
  });

  test('shows nothing rather than what is old, when it cannot be read', async () => {
    const meter = createMeter('up');
    let ms = 0;
    let isDown = false;
    const readAnew = watchBacklog({
      meter,
      read: async () => {
        if (isDown) throw new Error('no answer');
        return BACKLOG;
      },
      monotonicMs: () => ms,
    });
    await readAnew();
    [ms, isDown] = [60_000, true];
    await readAnew();
    expect(meter.toText()).not.toMatch(/^hookline_(?:runs|effects|events|switches)/m);
  });
});
