import { z } from 'zod';
import { profileFields } from '../events/_customer.ts';
import { defineEntity } from './define-entity.ts';

/** A customer across all changes: of each thing that is known, what the newest event that spoke of it said. */
export default defineEntity({
  type: 'customer',
  fields: {
    email: { owner: 'event', schema: profileFields.email },
    name: { owner: 'event', schema: profileFields.name },
    phone: { owner: 'event', schema: profileFields.phone },
    address: { owner: 'event', schema: profileFields.address },
    marketingConsent: { owner: 'event', schema: profileFields.marketingConsent },
    /** The newest change's own time, ISO 8601, UTC. */
    updatedAt: { owner: 'event', schema: z.string() },
  },
});
