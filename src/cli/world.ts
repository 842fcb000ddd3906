import { randomBytes, randomUUID } from 'node:crypto';
import { createUuidV7 } from '../contracts/ids.ts';

/** The clock and the randomness of this process, handed to everything that needs them. */
export const world = {
  now: (): Date => new Date(),
  random: (): number => Math.random(),
  newUuid: createUuidV7(),
  newOwner: (): string => randomUUID(),
  /** The id of an event that Hookline itself sends: 16 hexadecimal digits. */
  newEventId: (): string => randomBytes(8).toString('hex'),
} as const;
