/** How many schedules the suite plays, and from which seed: `SIMULATION_RUNS` makes it a long run, `SIMULATION_SEED` another one. */
export const budget = {
  runs: Number(process.env['SIMULATION_RUNS'] ?? 10_000),
  /** The same in every run of the suite, so that it finds the same today and tomorrow; new ones are for long runs. */
  seed: Number(process.env['SIMULATION_SEED'] ?? 20_261_107),
  /** Of the schedules, by family. */
  shares: { mixed: 0.3, races: 0.4, repairs: 0.25, calm: 0.05 },
} as const;

/** How many schedules of a family the suite plays. */
export function runsOf(family: keyof typeof budget.shares): number {
  return Math.ceil(budget.runs * budget.shares[family]);
}
