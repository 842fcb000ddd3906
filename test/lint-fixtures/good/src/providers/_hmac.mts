import { createHmac, timingSafeEqual } from 'node:crypto';

export const helpers = [createHmac, timingSafeEqual];
