import type { Random } from './random.ts';

/**
 * How a vendor misbehaves with one request. Before it is done: `rateLimited` (429 and Retry-After, 450), `refused` (422, 550), `error`
 * (503, 451), `resetBefore`. After: `errorAfter` (500), `resetAfter`, `slow`, `silent` (no answer), `endless` (an answer without
 * an end, as fast as it is read), `dribble` (one without an end, a byte now and then).
 */
export type VendorFault =
  | 'rateLimited'
  | 'refused'
  | 'error'
  | 'resetBefore'
  | 'errorAfter'
  | 'resetAfter'
  | 'slow'
  | 'silent'
  | 'endless'
  | 'dribble';

/** How likely each fault is; a drill changes it while it runs. */
export interface VendorMood {
  /** They add up to at most 1; what is left goes well. */
  odds: Readonly<Partial<Record<VendorFault, number>>>;
  slowMs: number;
  retryAfterS: number;
}

/** A vendor that does what it is asked to. */
export function createMood(): VendorMood {
  return { odds: {}, slowMs: 2_000, retryAfterS: 2 };
}

/** What is wrong with the next request; `undefined`: nothing. */
export function nextFault({ odds }: VendorMood, random: Random): VendorFault | undefined {
  let left = random();
  for (const [fault, share] of Object.entries(odds) as readonly (readonly [VendorFault, number])[]) {
    // keys of a record of faults
    left -= share;
    if (left < 0) return fault;
  }
  return undefined;
}

/** Whether a vendor with this fault has done what it was asked to. */
export function isPerformed(fault: VendorFault | undefined): boolean {
  return fault !== 'rateLimited' && fault !== 'refused' && fault !== 'error' && fault !== 'resetBefore';
}
