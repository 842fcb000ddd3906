import { z } from 'zod';
import type { DeliveryRow } from '../../store/deliveries.ts';
import type { Store } from '../../store/store.ts';
import { ApiError } from './api-error.ts';
import { bytes, defineRoute } from './define-route.ts';
import { asked, deliveryOutcome, next, page, span, uuid } from './fields.ts';
import { toPage } from './pages.ts';
import { deliveryView, refusalCountView, toDeliveryView } from './views/delivery-view.ts';
import { entityFilter, toEntity } from './entity-filter.ts';

const id = z.strictObject({ id: asked(64).meta({ description: "A delivery's id, or 8 characters or more of its beginning." }) });

/** Every request that reached a source, refused ones included. */
export const deliveries = {
  list: defineRoute({
    name: 'deliveries.list',
    method: 'GET',
    url: '/api/deliveries',
    role: 'viewer',
    summary: 'Deliveries, the newest first; on the first page also refusals that were only counted.',
    query: z.strictObject({
      source: asked().optional(),
      outcome: deliveryOutcome.optional(),
      cause: asked().optional().meta({ description: 'Code of the errors table.' }),
      type: asked().optional().meta({ description: 'Of an event of this type.' }),
      event: asked().optional().meta({ description: 'Of an event with this id.' }),
      ...entityFilter,
      text: asked().optional().meta({ description: "Part of the delivery's id, an event id or the detail; bodies are not looked into." }),
      ...span,
      ...page,
    }),
    reply: z.object({
      deliveries: z.array(deliveryView).readonly(),
      counted: z.array(refusalCountView).readonly().meta({ description: 'Refusals above the cap, by minute.' }),
      next,
    }),
    async handle({ query, context: { store } }) {
      const { entityType, entityId, limit: _limit, cursor, ...filter } = query;
      const { rows, next: following } = await toPage({
        query,
        key: z.tuple([uuid]),
        toKey: (row: DeliveryRow) => [row.id],
        list: ({ limit, before }) =>
          store.deliveries.list({ ...filter, entity: toEntity({ entityType, entityId }), before: before?.[0], limit }),
      });
      const isCounted = cursor === undefined && (query.outcome === undefined || query.outcome === 'refused');
      return {
        deliveries: rows.map(toDeliveryView),
        counted: isCounted && isByRefusal(query) ? await store.deliveries.refusalCounts(filter) : [],
        next: following,
      };
    },
  }),

  get: defineRoute({
    name: 'deliveries.get',
    method: 'GET',
    url: '/api/deliveries/:id',
    role: 'viewer',
    summary: 'One delivery, without its body.',
    params: id,
    reply: z.object({ delivery: deliveryView }),
    handle: async ({ params, context: { store } }) => ({ delivery: toDeliveryView(await findDelivery(store, params.id)) }),
  }),

  body: defineRoute({
    name: 'deliveries.body',
    method: 'GET',
    url: '/api/deliveries/:id/body',
    role: 'viewer',
    payloads: true,
    summary: 'The bytes of a delivery as they came.',
    params: id,
    reply: bytes,
    async handle({ params, context: { store } }) {
      const delivery = await findDelivery(store, params.id);
      const body = await store.deliveries.body(delivery.id);
      if (body !== undefined) return body;
      const got = delivery.outcome === 'refused' ? 'a refused delivery, of which nothing unsigned is kept' : 'a delivery without one';
      throw new ApiError('api.notFound', { expected: 'a body', got, fix: 'none: its SHA-256 is in `hookline deliveries <id>`' });
    },
  }),
} as const;

/** Counted refusals know no more than source, cause and minute. */
function isByRefusal({
  type,
  event,
  entityId,
  text,
}: { readonly [name in 'type' | 'event' | 'entityId' | 'text']?: string | undefined }): boolean {
  return type === undefined && event === undefined && entityId === undefined && text === undefined;
}

async function findDelivery({ deliveries: rows }: Store, text: string): Promise<DeliveryRow> {
  const found = await rows.find(text);
  const [only] = found;
  const got = `\`${text}\``;
  if (only === undefined) {
    const expected = 'the id of a delivery, or 8 characters of its beginning';
    throw new ApiError('api.notFound', { expected, got, fix: 'see `hookline deliveries`' });
  }
  if (found.length === 1) return only;
  const fix = 'give more of it';
  throw new ApiError('api.badRequest', { expected: 'the id of one delivery', got: `${got}, with which ${found.length} begin`, fix });
}
