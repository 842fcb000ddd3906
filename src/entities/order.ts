import { z } from 'zod';
import { joinPayments, orderPayment } from './_order-payment.ts';
import { defineEntity } from './define-entity.ts';

/** An order across all its events: what was bought, where its stock stands, and what was paid. */
export default defineEntity({
  type: 'order',
  fields: {
    /** `reserved`: all lines held; `backordered`: some are not; `released`: nothing is held any more. */
    status: { owner: 'inventory', schema: z.enum(['received', 'reserved', 'backordered', 'released']) },
    number: { owner: 'event', schema: z.string() },
    total: { owner: 'event', schema: z.object({ amount: z.number(), currency: z.string().nullable() }) },
    customerEmail: { owner: 'event', schema: z.string().nullable() },
    /** Absent until money has come. */
    payment: { owner: 'payments', schema: orderPayment, join: joinPayments },
  },
});
