import { z } from 'zod';
import { defineEntity } from './define-entity.ts';

/** An order across all its events: what was bought, and where its stock stands. */
export default defineEntity({
  type: 'order',
  fields: {
    /** `reserved`: all lines held; `backordered`: some are not; `released`: nothing is held any more. */
    status: { owner: 'inventory', schema: z.enum(['received', 'reserved', 'backordered', 'released']) },
    number: { owner: 'event', schema: z.string() },
    total: { owner: 'event', schema: z.object({ amount: z.number(), currency: z.string().nullable() }) },
    customerEmail: { owner: 'event', schema: z.string().nullable() },
  },
});
