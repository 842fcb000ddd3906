import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budget, runsOf } from './budget.ts';
import { families, type Plan } from './plan.ts';
import { regressions } from './regressions.ts';
import { simulate, type Simulated } from './simulate.ts';

/** On a slow machine, and for long runs; a second or two each on a free one. */
const TIME_LIMIT_MS = 300_000 + budget.runs * 20;

/** What schedules have been made of, added up. */
interface Seen {
  acknowledged: number;
  performed: number;
  made: number;
}

async function play(family: keyof typeof families): Promise<Seen> {
  const seen: Seen = { acknowledged: 0, performed: 0, made: 0 };
  const arbitrary: fc.Arbitrary<Plan> = families[family];
  const property = fc.asyncProperty(arbitrary, async (plan) => {
    const one = await simulate(plan);
    expect(one.violations).toEqual([]);
    add(seen, one);
  });
  // a plan is whole as it is printed; making it smaller takes a thousand more of them: SIMULATION_SHRINK=1
  await fc.assert(property, { numRuns: runsOf(family), seed: budget.seed, endOnFailure: process.env['SIMULATION_SHRINK'] !== '1' });
  return seen;
}

function add(seen: Seen, { seen: one }: Simulated): void {
  seen.acknowledged += one.acknowledged;
  seen.performed += one.performed;
  seen.made += one.made;
}

describe('the product over simulated ports', { timeout: TIME_LIMIT_MS }, () => {
  it.each(regressions)('keeps every promise where once was found: $found', async ({ plan }) => {
    expect((await simulate(plan)).violations).toEqual([]);
  });

  it('plays the same plan the same way', async () => {
    const [plan] = fc.sample(families.mixed, { numRuns: 1, seed: budget.seed });
    if (plan === undefined) throw new TypeError('a sample of one plan');
    expect(await simulate(plan)).toEqual(await simulate(plan));
  });

  it(`keeps every promise in ${runsOf('mixed')} schedules of a few events and anything that breaks`, async () => {
    const { acknowledged, performed, made } = await play('mixed');
    expect(acknowledged).toBeGreaterThan(runsOf('mixed'));
    expect(performed).toBeGreaterThan(runsOf('mixed') / 2);
    expect(made).toBeGreaterThan(acknowledged);
  });

  it(`keeps every promise in ${runsOf('races')} schedules of one event that comes to two processes at once`, async () => {
    expect((await play('races')).acknowledged).toBe(runsOf('races'));
  });

  it(`keeps every promise in ${runsOf('repairs')} schedules of a run that is asked for again and again`, async () => {
    expect((await play('repairs')).made).toBeGreaterThan(runsOf('repairs') * 2);
  });

  it(`starts in order of receipt in ${runsOf('calm')} schedules in which nothing breaks`, async () => {
    const { acknowledged, made } = await play('calm');
    expect(made).toBe(acknowledged);
  });
});
