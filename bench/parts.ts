import type { Part } from './harness/part.ts';
import ack from './parts/ack.ts';
import burst from './parts/burst.ts';
import chains from './parts/chains.ts';
import cost from './parts/cost.ts';

/** What is measured, in this order. */
export const PARTS: readonly Part[] = [ack, chains, cost, burst];
