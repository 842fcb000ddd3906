import { z } from 'zod';
import { defineEntity } from './define-entity.ts';

/** A user across all events: what is known, and the segments that marketing has put them in. */
export default defineEntity({
  type: 'user',
  fields: {
    email: { owner: 'event', schema: z.string().nullable() },
    name: { owner: 'event', schema: z.string().nullable() },
    registeredAt: { owner: 'event', schema: z.string() },
    country: { owner: 'event', schema: z.string().nullable() },
    plan: { owner: 'event', schema: z.string().nullable() },
    marketingConsent: { owner: 'event', schema: z.boolean().nullable() },
    attributes: { owner: 'event', schema: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) },
    /** Sorted by name. */
    segments: { owner: 'marketing', schema: z.array(z.string()).readonly() },
  },
});
