import { z } from 'zod';
import type { Source } from '../../../contracts/webhook.ts';
import { toSourceUrl } from '../../../ingress/listener-url.ts';
import type { DeliveryRow } from '../../../store/deliveries.ts';
import { deliveryOutcome, time } from '../fields.ts';

const list = z.array(z.string()).readonly().nullable();

/** A source, as lists and JSON tell it: how many secrets it has, and none of them. */
export const sourceView = z
  .object({
    name: z.string(),
    provider: z.string(),
    path: z.string(),
    url: z.string().meta({ description: 'The whole URL that is to be set up at the provider.' }),
    secrets: z.int(),
    include: list,
    exclude: list,
    allow: list,
    newest: z
      .object({ id: z.string(), receivedAt: time, outcome: deliveryOutcome, code: z.string().nullable() })
      .nullable()
      .meta({ description: 'The newest request that reached it, refused or not.' }),
  })
  .meta({ id: 'Source' });

/** A source, as lists and JSON tell it. */
export type SourceView = z.output<typeof sourceView>;

/** What is told of a source. */
export function toSourceView(
  { name, provider, secrets, include, exclude, allow }: Source,
  { newest, publicUrl }: { readonly newest: DeliveryRow | undefined; readonly publicUrl: string },
): SourceView {
  return {
    name,
    provider,
    path: `/webhooks/${name}`,
    url: toSourceUrl(publicUrl, name),
    secrets: secrets.length,
    include: include ?? null,
    exclude: exclude ?? null,
    allow: allow ?? null,
    newest: newest === undefined ? null : { id: newest.id, receivedAt: newest.receivedAt, outcome: newest.outcome, code: newest.code },
  };
}
