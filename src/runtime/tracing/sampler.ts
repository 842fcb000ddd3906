/** Whether a trace is kept, by its UUID. */
export type Sampler = (trace: string) => boolean;

/** What `OTEL_TRACES_SAMPLER` may say. A trace is kept or left whole, so that those by the parent are the same as those without. */
export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** One of `SAMPLERS`. */
export type SamplerName = (typeof SAMPLERS)[number];

/** The random part of a trace's id, by W3C Trace Context level 2: its last 7 bytes. A UUID of version 7 begins with the time. */
const RANDOM_DIGITS = 14;
const RANDOM_RANGE = 16 ** RANDOM_DIGITS;

/**
 * Makes a sampler. It asks nothing but the random part of the trace's id, so that all processes keep the same traces, today and when a run
 * is repaired next month, and a greater ratio keeps all that a smaller one does.
 */
export function createSampler(name: SamplerName, ratio: number): Sampler {
  if (name.endsWith('always_on')) return () => true;
  if (name.endsWith('always_off')) return () => false;
  const threshold = (1 - ratio) * RANDOM_RANGE;
  return (trace) => Number.parseInt(trace.replaceAll('-', '').slice(-RANDOM_DIGITS), 16) >= threshold;
}
