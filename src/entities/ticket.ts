import { z } from 'zod';
import { defineEntity } from './define-entity.ts';

/** A ticket across all its events: how it stands, and whether it is escalated. */
export default defineEntity({
  type: 'ticket',
  fields: {
    number: { owner: 'event', schema: z.string() },
    subject: { owner: 'event', schema: z.string() },
    status: { owner: 'event', schema: z.string() },
    priority: { owner: 'event', schema: z.enum(['low', 'normal', 'high', 'urgent']).nullable() },
    tags: { owner: 'event', schema: z.array(z.string()) },
    requesterEmail: { owner: 'event', schema: z.string().nullable() },
    /** ISO 8601, UTC. */
    createdAt: { owner: 'event', schema: z.string() },
    /** Whether it is so now; how often it was is counted over the rows of `ticket_changes`. */
    escalated: { owner: 'support', schema: z.boolean() },
    /** ISO 8601, UTC: the earliest answer that any event has told. */
    firstAnsweredAt: { owner: 'support', schema: z.string(), join: earlier },
  },
});

/** Times are written alike (`Date#toISOString`), so their texts are in their order. */
function earlier(standing: string, written: string): string {
  return standing < written ? standing : written;
}
