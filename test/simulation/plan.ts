import fc from 'fast-check';
import type { StepName } from './world/actions.ts';

/** An event that is sent, and how often. */
export interface PlannedEvent {
  readonly atMs: number;
  readonly customer: string;
  /** The event's own time, in seconds: the later one counts. */
  readonly timeS: number;
  readonly steps: readonly StepName[];
  /** How often it is sent at once. */
  readonly copies: number;
  /** When it is sent once more, after it was acknowledged. */
  readonly againAfterMs: readonly number[];
  /** Attempts up to which its step `refused` is refused. */
  readonly refusals: number;
}

/** Something that breaks, and for how long. */
export interface PlannedFault {
  readonly kind: (typeof FAULTS)[number];
  readonly atMs: number;
  readonly forMs: number;
  /** Which process, where it is about one. */
  readonly process: number;
}

/** What a person does. */
export interface PlannedDeed {
  readonly kind: 'repair' | 'again' | 'terminate' | 'pause';
  readonly atMs: number;
  readonly event: number;
}

/** One schedule, whole: the same plan is the same run. */
export interface Plan {
  /** Draws every delay, and so every order. */
  readonly seed: number;
  readonly processes: number;
  readonly events: readonly PlannedEvent[];
  readonly faults: readonly PlannedFault[];
  readonly deeds: readonly PlannedDeed[];
}

const FAULTS = [
  'kill',
  'stop',
  'databaseLoss',
  'databaseDown',
  'temporalDown',
  'temporalSilent',
  'temporalExhausted',
  'temporalInternal',
  'temporalLoss',
  'temporalRestore',
  'vendorRefuses',
  'vendorAsksToWait',
  'vendorResetsBefore',
  'vendorResetsAfter',
  'vendorSlow',
] as const;

const STEPS: readonly (readonly StepName[])[] = [
  ['book'],
  ['mail'],
  ['receipt'],
  ['book', 'crm'],
  ['book', 'mail'],
  ['crm', 'receipt'],
  ['book', 'mail', 'crm'],
  ['book', 'refused'],
  ['mail', 'refused', 'crm'],
];

const event = fc.record<PlannedEvent>({
  atMs: fc.integer({ min: 0, max: 6_000 }),
  customer: fc.constantFrom('a', 'b'),
  timeS: fc.integer({ min: 0, max: 3 }),
  steps: fc.constantFrom(...STEPS),
  copies: fc.integer({ min: 1, max: 3 }),
  againAfterMs: fc.array(fc.integer({ min: 0, max: 15_000 }), { maxLength: 2 }),
  refusals: fc.integer({ min: 0, max: 2 }),
});

const fault = fc.record<PlannedFault>({
  kind: fc.constantFrom(...FAULTS),
  atMs: fc.integer({ min: 0, max: 8_000 }),
  forMs: fc.integer({ min: 100, max: 12_000 }),
  process: fc.integer({ min: 0, max: 1 }),
});

const deed = fc.record<PlannedDeed>({
  kind: fc.constantFrom('repair', 'again', 'terminate', 'pause'),
  atMs: fc.integer({ min: 0, max: 12_000 }),
  event: fc.integer({ min: 0, max: 3 }),
});

const seed = fc.noShrink(fc.integer());

/** A few events, and anything that breaks. */
const mixed = fc.record<Plan>({
  seed,
  processes: fc.integer({ min: 1, max: 2 }),
  events: fc.array(event, { minLength: 1, maxLength: 3 }),
  faults: fc.array(fault, { maxLength: 4 }),
  deeds: fc.array(deed, { maxLength: 2 }),
});

/** One event that comes to two processes at once, and one thing that breaks. */
const races = fc.record<Plan>({
  seed,
  processes: fc.constant(2),
  events: fc.array(
    fc
      .record({ atMs: fc.integer({ min: 0, max: 1_000 }), copies: fc.constantFrom(2, 3) })
      .chain((wish) => event.map((one) => ({ ...one, ...wish }))),
    { minLength: 1, maxLength: 1 },
  ),
  faults: fc.array(
    fc.record({ atMs: fc.integer({ min: 0, max: 1_500 }) }).chain((wish) => fault.map((one) => ({ ...one, ...wish }))),
    { maxLength: 2 },
  ),
  deeds: fc.constant([]),
});

/** One event whose run is asked for again and again, while Temporal's answers, and processes, are lost. */
const repairs = fc.record<Plan>({
  seed,
  processes: fc.constant(2),
  events: fc.array(
    event.map((one) => ({ ...one, atMs: 0, againAfterMs: [] })),
    { minLength: 1, maxLength: 1 },
  ),
  faults: fc.array(
    fc
      .record({
        kind: fc.constantFrom('temporalLoss', 'temporalLoss', 'temporalRestore', 'kill', 'stop', 'databaseLoss'),
        atMs: fc.integer({ min: 0, max: 3_000 }),
      })
      .chain((wish) => fault.map((one) => ({ ...one, ...wish }))),
    { minLength: 1, maxLength: 2 },
  ),
  deeds: fc.array(
    fc
      .record({ kind: fc.constantFrom('again', 'again', 'repair'), atMs: fc.integer({ min: 500, max: 10_000 }) })
      .map((wish) => ({ ...wish, event: 0 })),
    { minLength: 1, maxLength: 4 },
  ),
});

/** One process to which nothing happens, and which gets each event once. */
const calm = fc.record<Plan>({
  seed,
  processes: fc.constant(1),
  events: fc.array(
    event.map((one) => ({ ...one, steps: ['book'] as const, copies: 1, againAfterMs: [] })),
    { minLength: 2, maxLength: 6 },
  ),
  faults: fc.constant([]),
  deeds: fc.constant([]),
});

/** Families of schedules: each looks at another corner of what can happen. */
export const families = { mixed, races, repairs, calm } as const satisfies Record<string, fc.Arbitrary<Plan>>;
