import { createHmac, timingSafeEqual } from 'node:crypto'; // bad: no-restricted-imports

export const same = (given: Buffer, made: Buffer): boolean => given.equals(made); // bad: no-restricted-properties
export const order = (given: Buffer, made: Buffer): number => given.compare(made); // bad: no-restricted-properties
export const helpers = [createHmac, timingSafeEqual];
