import { expect, it } from 'vitest';
import { createStarter, type StarterRuns } from '../../src/ingress/starter.ts';
import type { TemporalPort } from '../../src/ingress/temporal-port.ts';

const unexpected = async (): Promise<never> => {
  throw new Error('nothing is claimed here');
};

it('claims no more runs at once than the width of starts, however many it may have at most', async () => {
  const limits: number[] = [];
  const runs: StarterRuns = {
    async claim({ limit }) {
      limits.push(limit);
      return [];
    },
    checkAllSoon: async () => {},
    dueChecks: async () => [],
    clearStuck: unexpected,
    failStart: unexpected,
    markOutcome: unexpected,
    markStarted: unexpected,
    markStuck: unexpected,
    postpone: unexpected,
    restartForgotten: unexpected,
  };
  const temporal: TemporalPort = {
    start: unexpected,
    describe: unexpected,
    facts: async () => ({ searchAttributes: true, retentionMs: 86_400_000 }),
  };
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const starter = createStarter({
    runs,
    temporal,
    chains: [],
    log,
    owner: '00000000-0000-7000-8000-000000000001',
    concurrency: 20,
    sweepMs: 60_000,
    leaseMs: 10_000,
    now: () => new Date(0),
  });
  await expect.poll(() => limits.length).toBeGreaterThan(0);
  await starter.close();
  expect(Math.max(...limits)).toBe(2);
});
