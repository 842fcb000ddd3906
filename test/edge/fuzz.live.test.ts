import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createChance } from '../../scripts/fuzz-edge/chance.ts';
import { makeCase } from '../../scripts/fuzz-edge/make-case.ts';
import { runFuzz } from '../../scripts/fuzz-edge/run-fuzz.ts';
import { startEdge } from '../../scripts/fuzz-edge/start-edge.ts';
import type { Edge } from '../../scripts/fuzz-edge/start-edge.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

const SEED = 20_261_124;
const now = (): Date => new Date();

let database: TestDatabase;
let edge: Edge;
beforeAll(async () => {
  database = await createDatabase();
  edge = await startEdge({ databaseUrl: database.url, timeoutMs: 2_000 });
});
afterAll(async () => {
  await edge.close();
  await database.close();
});

describe('20,000 hostile requests on a real database', () => {
  it('take nothing that nobody has signed, are all answered by the contract, and hold nobody up', async () => {
    const verdict = await runFuzz({ edge, requests: 20_000, seed: SEED, now });
    const { ok, problems, blockers, forgeries, serverErrors, crashes } = verdict;
    expect({ problems, blockers, forgeries, serverErrors, crashes }).toEqual({
      problems: [],
      blockers: [],
      forgeries: 0,
      serverErrors: 0,
      crashes: 0,
    });
    expect(ok).toBe(true);
    expect(verdict.taken).toBeGreaterThan(4_000); // or it attacks the door only
    expect(Object.keys(verdict.byStatus)).toEqual(['200', '400', '401', '403', '404', '405', '413', '415', '431']);
  }, 180_000);

  it('come again with their seed', () => {
    const bytesOf = (seed: number): readonly string[] =>
      Array.from({ length: 200 }, (_, at) => Buffer.concat(makeCase({ seed, at, now: new Date(0) }).pieces).toString('latin1'));
    expect(bytesOf(SEED)).toEqual(bytesOf(SEED));
    expect(bytesOf(SEED)).not.toEqual(bytesOf(SEED + 1));
    expect(createChance(1, 2).hex(32)).not.toBe(createChance(2, 1).hex(32));
  });

  it.each(['unverified', 'unlisted'] as const)('find the guard that is missing: %s', async (mutant) => {
    const weak = await startEdge({ mutant, timeoutMs: 2_000 });
    try {
      const verdict = await runFuzz({ edge: weak, requests: 300, seed: SEED, now });
      expect(verdict.ok).toBe(false);
      expect(verdict.forgeries).toBeGreaterThan(5);
    } finally {
      await weak.close();
    }
  });
});
