import { randomUUID } from 'node:crypto';
import { uuidV7 } from '../contracts/ids.ts';

/** The clock and the randomness of this process, handed to everything that needs them. */
export const world = {
  now: (): Date => new Date(),
  random: (): number => Math.random(),
  newUuid: (): string => uuidV7(Date.now()),
  newOwner: (): string => randomUUID(),
} as const;
