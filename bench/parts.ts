import type { Part } from './harness/part.ts';
import ack from './parts/ack.ts';
import bodies from './parts/bodies.ts';
import burst from './parts/burst.ts';
import chains from './parts/chains.ts';
import cost from './parts/cost.ts';
import growth from './parts/growth.ts';
import memory from './parts/memory.ts';
import startup from './parts/startup.ts';

/** What is measured, in this order. */
export const PARTS: readonly Part[] = [ack, chains, cost, growth, bodies, memory, startup, burst];
