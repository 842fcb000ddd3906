import type { Plan } from './plan.ts';

/** A schedule that has found something once, and what; each is played before all others, for ever. */
export interface Regression {
  readonly found: string;
  readonly plan: Plan;
}

const once = { atMs: 0, customer: 'a', timeS: 0, copies: 1, againAfterMs: [], refusals: 0 } as const;

/** All of them. A new one is copied from what fast-check prints. */
export const regressions: readonly Regression[] = [
  {
    found: 'effects that were asked for once more while the run before was closing were never made',
    plan: {
      seed: -430009450,
      processes: 2,
      events: [{ ...once, customer: 'b', steps: ['mail'], copies: 2, refusals: 1 }],
      faults: [
        { kind: 'temporalLoss', atMs: 2849, forMs: 1981, process: 1 },
        { kind: 'stop', atMs: 2017, forMs: 4752, process: 1 },
      ],
      deeds: [2892, 4809, 5026, 8540].map((atMs) => ({ kind: 'again', atMs, event: 0 })),
    },
  },
  {
    found: 'a start that reaches Temporal after a whole later attempt changes nothing',
    plan: {
      seed: 1871991548,
      processes: 2,
      events: [{ ...once, timeS: 1, steps: ['crm', 'receipt'], refusals: 2 }],
      faults: [{ kind: 'temporalLoss', atMs: 2137, forMs: 6475, process: 1 }],
      deeds: [
        { kind: 'repair', atMs: 9388, event: 0 },
        { kind: 'again', atMs: 7998, event: 0 },
        { kind: 'again', atMs: 1673, event: 0 },
        { kind: 'again', atMs: 5591, event: 0 },
      ],
    },
  },
  {
    found: 'a run that Temporal had from a backup, and had undone before, ends with a code',
    plan: {
      seed: 2147483620,
      processes: 2,
      events: [
        { ...once, atMs: 5597, customer: 'b', timeS: 2, steps: ['receipt'], refusals: 1 },
        { ...once, atMs: 8, steps: ['book', 'mail', 'crm'], againAfterMs: [312, 9780] },
        { ...once, atMs: 3344, timeS: 3, steps: ['book', 'refused'], copies: 2, againAfterMs: [1910], refusals: 1 },
      ],
      faults: [
        { kind: 'stop', atMs: 4991, forMs: 10682, process: 1 },
        { kind: 'temporalRestore', atMs: 6552, forMs: 10490, process: 0 },
        { kind: 'databaseDown', atMs: 1096, forMs: 3288, process: 0 },
      ],
      deeds: [],
    },
  },
  {
    found: 'a run whose outcome is written before its start is marked keeps it',
    plan: {
      seed: 2079751503,
      processes: 1,
      events: [
        { ...once, steps: ['book'] },
        { ...once, steps: ['mail', 'refused', 'crm'] },
      ],
      faults: [{ kind: 'temporalLoss', atMs: 4090, forMs: 1919, process: 0 }],
      deeds: [{ kind: 'again', atMs: 4007, event: 0 }],
    },
  },
  {
    found: 'a run that a person has terminated while its worker was killed leaves its effect to the next attempt',
    plan: {
      seed: 25,
      processes: 1,
      events: [
        { ...once, steps: ['book'] },
        { ...once, steps: ['book'] },
        { ...once, atMs: 168, steps: ['book', 'mail', 'crm'] },
        { ...once, steps: ['book'] },
      ],
      faults: [{ kind: 'kill', atMs: 463, forMs: 100, process: 0 }],
      deeds: [{ kind: 'terminate', atMs: 444, event: 2 }],
    },
  },
];
