import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { flood } from '../../scripts/fuzz-edge/flood.ts';
import { HOLDS, holdConnections } from '../../scripts/fuzz-edge/hold-connections.ts';
import { startEdge } from '../../scripts/fuzz-edge/start-edge.ts';
import type { Edge } from '../../scripts/fuzz-edge/start-edge.ts';
import { createDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';

const LIMIT = 1_000;
const now = (): Date => new Date();

let database: TestDatabase;
let edge: Edge;
beforeAll(async () => {
  database = await createDatabase();
  edge = await startEdge({ databaseUrl: database.url });
});
afterAll(async () => {
  await edge.close();
  await database.close();
});

describe('strangers who come in crowds', () => {
  it.each(HOLDS)('turn no new sender away by more connections than there may be, each opened again when it is cut: %s', async (hold) => {
    // counted as it is asked, with those that are just being closed
    const { held, open, rssMb } = await holdConnections({ edge, hold, connections: LIMIT + 200, forMs: 1_000, now });
    expect({ failed: held.failed, isFull: open > LIMIT * 0.9, isOver: open > LIMIT * 1.05 }).toEqual({
      failed: 0,
      isFull: true,
      isOver: false,
    });
    expect(held.p50Ms).toBeLessThan(2_000); // the machine may be busy; the script says how long it takes
    expect(rssMb).toBeLessThan(500);
  });

  it('slow down no sender by a flood of unsigned requests', async () => {
    const { refused, quiet, flooded } = await flood({ edge, perSecond: 500, forMs: 2_000, now });
    expect(refused).toBeGreaterThan(500);
    expect([quiet.failed, flooded.failed]).toEqual([0, 0]);
    expect(flooded.p50Ms).toBeLessThan(quiet.p50Ms * 5 + 50);
  });
});
