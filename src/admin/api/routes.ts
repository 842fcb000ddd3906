import { z } from 'zod';
import { events } from '../../events/catalogue.gen.ts';
import type { EventDefinition } from '../../events/define-event.ts';
import { chains } from '../../workflows/catalogue.gen.ts';
import type { Chain } from '../../workflows/define-chain.ts';
import { toRoutes } from '../to-routes.ts';
import { defineRoute } from './define-route.ts';
import { asked } from './fields.ts';

const known: readonly EventDefinition[] = events;
const all: readonly Chain[] = chains;

/** Which event of which source calls for which chains. */
export const routes = {
  list: defineRoute({
    name: 'routes.list',
    method: 'GET',
    url: '/api/routes',
    role: 'viewer',
    summary: 'Which event types of which sources go to which chains, by the code and the settings of now.',
    query: z.strictObject({
      source: asked().optional(),
      type: asked().optional().meta({ description: 'Canonical, or the one that the provider gives it.' }),
    }),
    reply: z.object({
      routes: z
        .array(
          z.object({
            source: z.string(),
            providerType: z.string(),
            type: z.string(),
            chains: z
              .array(z.object({ name: z.string(), filtered: z.boolean() }))
              .readonly()
              .meta({ description: '`filtered` where a filter of its own decides event by event.' }),
            excluded: z.string().nullable().meta({ description: 'Which list of the source keeps the type from every chain.' }),
          }),
        )
        .readonly(),
    }),
    handle: async ({ query: { source, type }, context: { sources } }) => ({
      routes: toRoutes({ sources, events: known, chains: all }).filter(
        (route) =>
          (source === undefined || route.source === source) && (type === undefined || [route.type, route.providerType].includes(type)),
      ),
    }),
  }),
} as const;
