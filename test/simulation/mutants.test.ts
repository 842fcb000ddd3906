import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budget, runsOf } from './budget.ts';
import type { Mutant } from './mutants.ts';
import { families, type Plan } from './plan.ts';
import { simulate } from './simulate.ts';

/** A guard, the schedules that miss it, and what they say then. */
interface Missed {
  readonly mutant: Mutant;
  readonly without: string;
  readonly family: keyof typeof families;
  readonly says: RegExp;
}

const MISSED: readonly Missed[] = [
  { mutant: 'dedupe', without: 'the unique event id', family: 'races', says: /^e0 has [23] runs$/ },
  { mutant: 'lease', without: 'the lease of a run', family: 'races', says: /being started by two processes at once/ },
  { mutant: 'requestId', without: 'one request id for each attempt', family: 'repairs', says: /attempt \d+ was run twice$/ },
  { mutant: 'fence', without: 'the fence of the ledger', family: 'repairs', says: /simulated\.mail \d+ has happened 2 times, and may 1/ },
  { mutant: 'orderGuard', without: 'the order guard', family: 'mixed', says: /^customer . is .+ and the newest event says/ },
  { mutant: 'ledger', without: 'the key of the ledger', family: 'races', says: /has 2 rows, and 1 were asked for/ },
  { mutant: 'hastyAcknowledgement', without: 'the commit before the acknowledgement', family: 'mixed', says: /^e\d is stored 0 times$/ },
  { mutant: 'marks', without: 'the attempt of a mark', family: 'repairs', says: /is done, and Temporal says otherwise/ },
];

describe('the simulation', { timeout: 300_000 }, () => {
  it.each(MISSED)('notices within its budget that the product is without $without', async ({ mutant, family, says }) => {
    const arbitrary: fc.Arbitrary<Plan> = families[family];
    const property = fc.asyncProperty(
      arbitrary,
      async (plan) => !(await simulate(plan, mutant)).violations.some((violation) => says.test(violation)),
    );
    expect((await fc.check(property, { numRuns: runsOf(family), seed: budget.seed, endOnFailure: true })).failed).toBe(true);
  });
});
