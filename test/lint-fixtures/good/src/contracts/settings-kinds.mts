import type { z } from 'zod';

export type Kind = z.ZodType;
