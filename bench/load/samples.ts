/** Times of a window, and what they come to. */
export interface Samples {
  add(ms: number): void;
  toQuantiles(): Quantiles;
}

/** Milliseconds below which so many of a hundred stay. */
export interface Quantiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Makes an empty collection that keeps each value. */
export function createSamples(): Samples {
  const values: number[] = [];
  return {
    add: (ms) => void values.push(ms),
    toQuantiles() {
      const sorted = Float64Array.from(values).toSorted();
      const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
      return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
    },
  };
}
