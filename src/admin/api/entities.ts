import { z } from 'zod';
import { listEntities, type ChangedEntity } from '../../store/list-entities.ts';
import { ApiError } from './api-error.ts';
import { defineRoute } from './define-route.ts';
import { asked, next, page, payloads, span, time } from './fields.ts';
import { exactTime, storedText, toPage } from './pages.ts';
import { fieldView, toFieldViews } from './views/field-view.ts';

/** The state that agents share. */
export const entities = {
  types: defineRoute({
    name: 'entities.types',
    method: 'GET',
    url: '/api/entities',
    role: 'viewer',
    summary: 'Every type of which there is an entity, by name.',
    reply: z.object({ types: z.array(z.object({ type: z.string(), count: z.number() })).readonly() }),
    handle: async ({ context: { store } }) => ({ types: await store.agentTables.entityTypes() }),
  }),

  list: defineRoute({
    name: 'entities.list',
    method: 'GET',
    url: '/api/entities/:type',
    role: 'viewer',
    summary: 'Entities of one type, the newest change first; one that changes meanwhile moves to the front.',
    params: z.strictObject({ type: asked() }),
    query: z.strictObject({
      text: asked().optional().meta({ description: 'Part of the id; fields are not looked into.' }),
      since: span.since.meta({ description: 'Changed at or after this time.' }),
      until: span.until.meta({ description: 'Changed before this time.' }),
      ...page,
    }),
    reply: z.object({
      type: z.string(),
      entities: z
        .array(z.object({ id: z.string(), updatedAt: time, fields: z.array(z.string()).readonly().meta({ description: 'Their names.' }) }))
        .readonly(),
      next,
    }),
    async handle({ params: { type }, query, context: { store } }) {
      const { text, since, until } = query;
      const { rows, next: following } = await toPage({
        query,
        key: z.tuple([exactTime, storedText]),
        toKey: (row: ChangedEntity) => [row.updatedAtText, row.id],
        list: ({ limit, before }) => {
          const place = before && { updatedAtText: before[0], id: before[1] };
          return listEntities(store.db, { type, text, since, until, before: place, limit });
        },
      });
      return { type, entities: rows, next: following };
    },
  }),

  get: defineRoute({
    name: 'entities.get',
    method: 'GET',
    url: '/api/entities/:type/:id',
    role: 'viewer',
    summary: 'One entity: which event wrote each of its fields.',
    params: z.strictObject({ type: asked(), id: asked(2_048) }),
    query: z.strictObject({ payloads }),
    reply: z.object({
      type: z.string(),
      id: z.string(),
      updatedAt: time,
      fields: z.array(fieldView).readonly(),
      redacted: z.literal(true).optional(),
    }),
    async handle({ params: { type, id }, query, caller, context: { store } }) {
      const entity = await store.agentTables.entity({ type, id });
      if (entity === undefined) {
        const expected = 'an entity that an agent has written';
        throw new ApiError('api.notFound', { expected, got: `\`${type} ${id}\``, fix: 'see `hookline entities`' });
      }
      const withValues = query.payloads === true;
      const fields = toFieldViews(entity, withValues);
      const common = { type, id, updatedAt: entity.updatedAt };
      if (!withValues || caller.payloads) return { ...common, fields };
      return { ...common, fields: fields.map((field) => ({ ...field, value: null })), redacted: true as const };
    },
  }),
} as const;
