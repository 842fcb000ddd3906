import type { ProcessName } from './drill-fleet.ts';
import type { Disturbance } from './drill-plan.ts';
import { between, pick } from './random.ts';
import type { VendorMood } from './vendor-mood.ts';
import { VENDORS, type FakeVendor } from './vendors.ts';

/** Breaks one thing, and mends it. */
export type Fault = (disturbance: Disturbance) => Promise<void>;

const INGRESSES = ['ingress-1', 'ingress-2'] as const;
const WORKERS = ['worker-1', 'worker-2'] as const;

/** Temporal is killed, and is away for 5 to 12 s. */
export const temporalDown: Fault = async ({ stack, random, note, wait }) => {
  note('Temporal was killed');
  await stack.temporal.crash();
  await wait(between(random, 5_000, 12_000));
  await stack.temporal.start();
};

/** PostgreSQL is stopped at once, as `pg_ctl -m immediate` does, and is back within seconds. */
export const postgresRestart: Fault = async ({ stack, random, note, wait }) => {
  note('PostgreSQL was stopped at once');
  await stack.postgres.crash();
  await wait(between(random, 0, 2_000));
  await stack.postgres.start();
};

/** An ingress is killed, and started again. */
export const ingressKill: Fault = (disturbance) => killOne(disturbance, INGRESSES);

/** A worker is killed, and started again. */
export const workerKill: Fault = (disturbance) => killOne(disturbance, WORKERS);

/** Each process is asked to end and replaced, one after the other, as a rolling deploy does. */
export const rollingRestart: Fault = async ({ stack, note, isOver }) => {
  for (const name of [...WORKERS, ...INGRESSES]) {
    if (isOver()) return;
    note(`${name} was replaced`);
    await stack.fleet.stop(name);
    await stack.fleet.start(name);
  }
};

/** 100 to 200 events come at once. */
export const burst: Fault = async ({ load, random, note, wait }) => {
  const count = Math.floor(between(random, 100, 200));
  note(`${count} events came at once`);
  load.burst(count);
  await wait(2_000);
};

/** One vendor answers late, now and then a byte at a time without an end, and now and then not at all, for 4 to 8 s. */
export const slowVendor: Fault = (disturbance) =>
  trouble(disturbance, {
    vendor: pick(disturbance.random, VENDORS),
    what: 'slow',
    mood: { odds: { slow: 0.6, silent: 0.05, dribble: 0.05 }, slowMs: 4_000 },
  });

/** One vendor refuses, fails, resets and pours, for 4 to 8 s. */
export const vendorErrors: Fault = (disturbance) =>
  trouble(disturbance, {
    vendor: pick(disturbance.random, VENDORS),
    what: 'failing',
    mood: { odds: { rateLimited: 0.15, refused: 0.05, error: 0.15, errorAfter: 0.1, resetBefore: 0.1, resetAfter: 0.15, endless: 0.05 } },
  });

/** The mail server drops connections around the final dot, for 4 to 8 s. */
export const mailDrop: Fault = (disturbance) =>
  trouble(disturbance, { vendor: 'mail', what: 'dropping', mood: { odds: { resetBefore: 0.2, resetAfter: 0.2, error: 0.2 } } });

async function killOne({ stack, random, note, wait }: Disturbance, names: readonly [ProcessName, ...ProcessName[]]): Promise<void> {
  const name = pick(random, names);
  note(`${name} was killed`);
  await stack.fleet.kill(name);
  await wait(between(random, 0, 1_000));
  await stack.fleet.start(name);
}

async function trouble(
  { stack, random, note, wait }: Disturbance,
  { vendor, what, mood }: { readonly vendor: FakeVendor; readonly what: string; readonly mood: Partial<VendorMood> },
): Promise<void> {
  note(`${vendor} was ${what}`);
  const usual = { ...stack.vendors.moods[vendor] };
  Object.assign(stack.vendors.moods[vendor], mood);
  await wait(between(random, 4_000, 8_000));
  Object.assign(stack.vendors.moods[vendor], usual);
}
