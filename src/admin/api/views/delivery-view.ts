import { z } from 'zod';
import type { DeliveryRow } from '../../../store/deliveries.ts';
import { deliveryOutcome, time } from '../fields.ts';

/** A delivery, as JSON tells it: without its body. */
export const deliveryView = z
  .object({
    id: z.string(),
    source: z.string(),
    receivedAt: time,
    remoteAddress: z.string().nullable(),
    headers: z
      .array(z.tuple([z.string(), z.string()]).readonly())
      .readonly()
      .meta({ description: 'Allow-listed lines, in order.' }),
    bodySha256: z.string().meta({ description: 'Hexadecimal.' }),
    bodyBytes: z.int(),
    outcome: deliveryOutcome,
    httpStatus: z.int(),
    code: z.string().nullable().meta({ description: 'Of the errors table.' }),
    detail: z.string().nullable(),
    eventIds: z.array(z.string()).readonly(),
    secretIndex: z.int().nullable().meta({ description: 'Which of the live secrets had signed, from 0.' }),
    bodyDiffers: z.boolean(),
  })
  .meta({ id: 'Delivery' });

/** A delivery, as JSON tells it. */
export type DeliveryView = z.output<typeof deliveryView>;

/** Refusals of a minute that were only counted. */
export const refusalCountView = z.object({ source: z.string(), code: z.string(), minute: time, count: z.number() });

/** What is told of a delivery. */
export function toDeliveryView(delivery: DeliveryRow): DeliveryView {
  return { ...delivery, bodySha256: delivery.bodySha256.toString('hex') };
}
