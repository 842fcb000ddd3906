import { z } from 'zod';

/** What every error is told as. */
export const errorView = z
  .object({
    error: z.object({
      code: z.string().meta({ description: 'Of the errors table.' }),
      message: z.string(),
      expected: z.string().nullable(),
      got: z.string().nullable(),
      where: z.string().nullable(),
      fix: z.string(),
    }),
  })
  .meta({ id: 'Error' });
