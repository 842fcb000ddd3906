/** Says how long an action waits that must not ask its vendor yet, in milliseconds: never less than the vendor has asked for. */
export type VendorWaitMs = (vendor: string, leftMs: number) => number;

/** What the waits are made of. */
export interface VendorWaitOptions {
  /** From 0 to 1. */
  readonly random: () => number;
  /** A clock that never goes back, in milliseconds. */
  readonly nowMs: () => number;
}

/** Of the time that is left; at least, and at most, so many milliseconds: no more than a moment is lost, and not all come at once. */
const JITTER = { share: 0.1, leastMs: 250, mostMs: 30_000 } as const;
/** One process sends no more often than this to a vendor that has just had enough. */
const APART_MS = 20;

/** Makes the waits of one process: what is left of the vendor's time, a little jitter, and a turn for each of those that wait. */
export function createVendorWait({ random, nowMs }: VendorWaitOptions): VendorWaitMs {
  const turns = new Map<string, number>();
  return (vendor, leftMs) => {
    const jitterMs = Math.min(Math.max(leftMs * JITTER.share, JITTER.leastMs), JITTER.mostMs) * random();
    const now = nowMs();
    const turn = Math.max(now + leftMs + jitterMs, (turns.get(vendor) ?? -Infinity) + APART_MS);
    turns.set(vendor, turn);
    return Math.ceil(turn - now);
  };
}
