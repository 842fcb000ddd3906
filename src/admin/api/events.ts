import { z } from 'zod';
import { createReadHeld } from '../../ingress/read-held.ts';
import { releaseEvent } from '../../ingress/release-event.ts';
import { toSafeError } from '../../ingress/safe-error.ts';
import type { EventSummary } from '../../store/events.ts';
import { readEventToReplay } from '../replay/replay-event.ts';
import { defineRoute } from './define-route.ts';
import { entityFilter, toEntity } from './entity-filter.ts';
import { asked, eventIds, eventState, next, page, payloads, runState, span, uuid } from './fields.ts';
import { makeChange } from './make-change.ts';
import { toPage } from './pages.ts';
import { eventListView, eventName, toEventListView, toWholeEventView, wholeEventView } from './views/event-view.ts';
import { runView, toRunView } from './views/run-view.ts';
import { toPayload } from './with-payloads.ts';

const params = z.strictObject({ uuid });

/** What has been received, and what has become of it. */
export const events = {
  list: defineRoute({
    name: 'events.list',
    method: 'GET',
    url: '/api/events',
    role: 'viewer',
    summary: 'Events, the newest first.',
    query: z.strictObject({
      source: asked().optional(),
      type: asked().optional().meta({ description: 'Canonical, or `provider:type`.' }),
      state: eventState.optional(),
      code: asked().optional().meta({ description: 'Why it is held, ignored or quarantined: code of the errors table.' }),
      runState: runState.optional().meta({ description: 'With a run in this state.' }),
      ids: eventIds,
      ...entityFilter,
      text: asked()
        .optional()
        .meta({ description: "Part of the UUID, the event id, the provider's own id, the delivery's id or the detail." }),
      ...span,
      ...page,
    }),
    reply: z.object({ events: z.array(eventListView).readonly(), next }),
    async handle({ query, context: { store, linkTo } }) {
      const { entityType, entityId, limit: _limit, cursor: _cursor, ...filter } = query;
      const { rows, next: following } = await toPage({
        query,
        key: z.tuple([uuid]),
        toKey: (row: EventSummary) => [row.uuid],
        list: ({ limit, before }) =>
          store.events.list({ ...filter, entity: toEntity({ entityType, entityId }), before: before?.[0], limit }),
      });
      return { events: rows.map((event) => toEventListView(event, linkTo)), next: following };
    },
  }),

  get: defineRoute({
    name: 'events.get',
    method: 'GET',
    url: '/api/events/:uuid',
    role: 'viewer',
    summary: 'One event whole: its runs, effects and deliveries.',
    params,
    query: z.strictObject({ payloads }),
    reply: wholeEventView,
    async handle({ params: { uuid: id }, query, caller, context: { store, linkTo } }) {
      const whole = await readEventToReplay(store.db, id);
      const view = toWholeEventView(whole, linkTo);
      const wish = { asked: query.payloads, caller };
      return {
        ...view,
        event: { ...view.event, ...toPayload('data', whole.event.data, wish) },
        runs: view.runs.map((run, index) => ({ ...run, ...toPayload('result', whole.runs[index]?.result, wish) })),
        effects: view.effects.map((effect, index) => ({ ...effect, ...toPayload('result', whole.effects[index]?.result, wish) })),
      };
    },
  }),

  release: defineRoute({
    name: 'events.release',
    method: 'POST',
    url: '/api/events/:uuid/release',
    role: 'operator',
    summary: 'Routes one held event, whatever holds cover it: it is read anew from its stored bytes.',
    params,
    reply: z.object({
      event: eventName,
      did: z.enum(['released', 'nothing']),
      reason: z.string().optional(),
      state: eventState,
      code: z.string().nullable(),
      detail: z.string().nullable(),
      runs: z.array(runView).readonly(),
    }),
    handle: ({ params: { uuid: id }, caller, context }) =>
      makeChange({ context, caller }, async (tx, audit) => {
        const { sources, now, log, linkTo } = context;
        const onThrown = (eventUuid: string, error: unknown): void =>
          log.error({ component: 'api', event_uuid: eventUuid, err: toSafeError(error) }, 'a held event could not be read');
        const released = await releaseEvent(tx, { uuid: id, read: createReadHeld({ sources, now, onThrown }) });
        const { event, runs } = await readEventToReplay(tx, id);
        const { uuid: eventUuid, eventId, source, state, code, detail } = event;
        if (released.did === 'released') await audit({ action: 'event.release', target: eventUuid, detail: { source, eventId, state } });
        return {
          event: { uuid: eventUuid, eventId, source },
          did: released.did,
          ...(released.did === 'nothing' ? { reason: `it is not held: it is ${state}` } : {}),
          state,
          code,
          detail,
          runs: runs.map((run) => toRunView(run, linkTo)),
        };
      }),
  }),
} as const;
