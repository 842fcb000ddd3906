import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { budget } from './budget.ts';
import { commands } from './conformance/commands.ts';
import { createModelSide, createPostgresSide, type PostgresSide } from './conformance/side.ts';
import { statements, type Statements } from './models/statements.ts';
import { toStatements } from './mutants.ts';

const START_MS = Date.UTC(2026, 0, 1);

describe('the model that the simulation rests on', { timeout: 180_000 + budget.runs * 20 }, () => {
  let postgres: PostgresSide;
  beforeAll(async () => {
    postgres = await createPostgresSide();
  });
  afterAll(() => postgres.close());

  /** Does the same sequence to PostgreSQL and to a model, and throws where they differ. */
  const conforms = (known: Statements) =>
    fc.asyncProperty(commands, async (sequence) => {
      const model = createModelSide(known);
      await postgres.empty();
      await Promise.all([model.setNow(START_MS), postgres.setNow(START_MS)]);
      await fc.asyncModelRun(() => ({ model: { nowMs: START_MS, next: 1 }, real: { model, postgres } }), sequence);
    });

  it('answers as PostgreSQL does, statement by statement, waits where it does, and leaves the same rows', async () => {
    await fc.assert(conforms(statements), { numRuns: Math.ceil(budget.runs / 50), seed: budget.seed });
  });

  it.each(['dedupe', 'lease', 'fence', 'ledger', 'marks'] as const)('is told from one without its %s', async (mutant) => {
    const { failed } = await fc.check(conforms(toStatements(mutant)), { numRuns: 100, seed: budget.seed, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
