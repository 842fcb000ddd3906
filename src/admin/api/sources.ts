import { z } from 'zod';
import { defineRoute } from './define-route.ts';
import { sourceView, toSourceView } from './views/source-view.ts';

/** The endpoints of the settings. */
export const sources = {
  list: defineRoute({
    name: 'sources.list',
    method: 'GET',
    url: '/api/sources',
    role: 'viewer',
    summary: 'The sources of the settings, and what has reached each last.',
    reply: z.object({ sources: z.array(sourceView).readonly() }),
    async handle({ context: { store, sources: configured, publicUrl } }) {
      const views = configured.map(async (source) =>
        toSourceView(source, {
          newest: (await store.deliveries.list({ source: source.name, limit: 1 }))[0],
          publicUrl: publicUrl(),
        }),
      );
      return { sources: await Promise.all(views) };
    },
  }),
} as const;
