import { z } from 'zod';
import { toMeantEvents } from '../meant-events.ts';
import { defineRoute } from './define-route.ts';
import { asked, givenId } from './fields.ts';
import { eventListView, toEventListView } from './views/event-view.ts';

/** What a text means. */
export const find = {
  events: defineRoute({
    name: 'find.events',
    method: 'GET',
    url: '/api/find',
    role: 'viewer',
    summary: 'The events that a text means, at most 20: where it is the UUID or an id of some, those; else all whose UUID begins so.',
    query: z.strictObject({
      text: givenId.meta({ description: "A UUID or 8 characters or more of its beginning, an event id, or the provider's own." }),
      source: asked().optional(),
    }),
    reply: z.object({ events: z.array(eventListView).readonly() }),
    handle: async ({ query, context: { store, linkTo } }) => ({
      events: toMeantEvents(await store.events.find(query.text), query).map((event) => toEventListView(event, linkTo)),
    }),
  }),
} as const;
