import type { z } from 'zod'; // bad: no-restricted-imports

export type Schema = z.ZodType;
