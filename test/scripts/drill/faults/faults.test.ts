import { describe, expect, it } from 'vitest';
import * as faults from '../../../../scripts/drill/faults.ts';
import { clockSkew } from '../../../../scripts/drill/faults/clock-skew.ts';
import { connectionsCut } from '../../../../scripts/drill/faults/connections-cut.ts';
import { diskFull } from '../../../../scripts/drill/faults/disk-full.ts';
import { ingressStop, workerStop } from '../../../../scripts/drill/faults/process-stopped.ts';
import { secretRotation } from '../../../../scripts/drill/faults/secret-rotation.ts';
import { temporalSilent } from '../../../../scripts/drill/faults/temporal-silent.ts';
import { temporalSlow } from '../../../../scripts/drill/faults/temporal-slow.ts';
import { createRandom } from '../../../../src/cli/drill/create-random.ts';
import { createFakeWorld, type FakeWorld, type FakeWorldOptions } from '../fake-world.ts';

const SEEDS = Array.from({ length: 40 }, (_none, seed) => seed);
/** As the product has it: who is stopped for longer is a zombie. */
const HEARTBEAT_MS = 6_000;
const WORKFLOW_TASK_MS = 10_000;

/** One world for each seed, in which a fault has come and gone. */
async function strike(fault: faults.Fault, options: Partial<FakeWorldOptions> = {}): Promise<readonly FakeWorld[]> {
  return Promise.all(
    SEEDS.map(async (seed) => {
      const world = createFakeWorld({ random: createRandom(seed), wait: async () => {}, ...options });
      await fault(world.disturbance);
      return world;
    }),
  );
}

describe('every fault', () => {
  it.each(
    Object.entries({
      ...faults,
      clockSkew,
      connectionsCut,
      diskFull,
      ingressStop,
      secretRotation,
      temporalSilent,
      temporalSlow,
      workerStop,
    }),
  )('%s breaks something, says so, and leaves nothing broken behind', async (_name, fault) => {
    let isBad = false;
    for (const world of await strike(fault, { wait: async () => void (isBad = true) })) {
      expect(world.broken()).toEqual([]);
      expect(world.notes).not.toEqual([]);
      isBad ||= world.everBroken.size > 0;
    }
    expect(isBad).toBe(true);
  });
});

describe('a Temporal that says nothing', () => {
  it('by turns has heard everything, and has heard nothing yet', async () => {
    const seen = (await strike(temporalSilent)).map(({ everBroken }) => [...everBroken].join());
    expect(new Set(seen)).toEqual(new Set(['temporal silent', 'temporal paused']));
  });
});

describe('a process that is stopped', () => {
  it.each([
    ['worker', workerStop],
    ['ingress', ingressStop],
  ] as const)('%s: is away for longer than others wait for it', async (kind, fault) => {
    for (const { waitsMs, everBroken } of await strike(fault)) {
      expect([...everBroken]).toEqual([expect.stringMatching(`^${kind}-[12] paused$`)]);
      expect(Math.min(...waitsMs)).toBeGreaterThan(Math.max(HEARTBEAT_MS, WORKFLOW_TASK_MS));
    }
  });
});

describe('a wrong clock', () => {
  it('is 2 to 10 minutes wrong, to both sides, and is put right by a new start', async () => {
    const offsets = (await strike(clockSkew)).flatMap(({ clocks }) => clocks.map(({ offsetS }) => offsetS));
    expect(Math.min(...offsets.map(Math.abs))).toBeGreaterThanOrEqual(120);
    expect(Math.max(...offsets)).toBeGreaterThan(300);
    expect(Math.min(...offsets)).toBeLessThan(-300);
    expect(Math.max(...offsets.map(Math.abs))).toBeLessThanOrEqual(600);
  });

  it('is never so far behind in an ingress that events of now come from the future', async () => {
    const clocks = (await strike(clockSkew)).flatMap((world) => world.clocks);
    const ingresses = clocks.filter(({ name }) => name.startsWith('ingress'));
    expect(Math.min(...ingresses.map(({ offsetS }) => offsetS))).toBeGreaterThan(-300);
  });
});

describe('a secret that is rotated', () => {
  it('is accepted by every ingress that runs, at every moment, and so is the one before until nothing is signed with it', async () => {
    let looks = 0;
    const world = createFakeWorld({
      random: createRandom(1),
      wait: async () => {},
      onAct({ accepting, key }) {
        for (const [name, secrets] of accepting) if (name.startsWith('ingress')) expect(secrets).toContain(key.secret);
        looks += 1;
      },
    });
    const secrets = [world.key.secret];
    for (let rotation = 0; rotation < 3; rotation += 1) {
      await secretRotation(world.disturbance);
      secrets.unshift(world.key.secret);
      for (const name of ['ingress-1', 'ingress-2'] as const) expect(world.accepting.get(name)).toEqual(secrets.slice(0, 2));
    }
    expect(new Set(secrets).size).toBe(4);
    expect(looks).toBe(12);
  });
});

describe('a full disk', () => {
  it('by turns leaves room in the log, and sends more than the tables have room for', async () => {
    const worlds = await strike(diskFull);
    const [roomy, full] = [
      worlds.filter(({ everBroken }) => everBroken.has('a burst')),
      worlds.filter(({ notes }) => /log/.test(String(notes))),
    ];
    expect(roomy.length).toBeGreaterThan(0);
    expect(full.length).toBeGreaterThan(0);
    expect(roomy.length + full.length).toBe(SEEDS.length);
  });

  it('is no drill where an ingress calls itself ready while nothing can be written', async () => {
    const world = createFakeWorld({ random: () => 0, wait: async () => {} });
    Object.assign(world.disturbance.stack.fleet, { isReady: async () => true });
    await expect(diskFull(world.disturbance)).rejects.toThrow('ingress-1 said that it was ready');
  });
});
