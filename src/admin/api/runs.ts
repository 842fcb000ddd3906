import { z } from 'zod';
import { readWholeEvent } from '../../store/events.ts';
import type { ListedRun } from '../../store/runs.ts';
import { ApiError } from './api-error.ts';
import { defineRoute } from './define-route.ts';
import { entityFilter, toEntity } from './entity-filter.ts';
import { asked, eventIds, next, page, payloads, runState, span, uuid } from './fields.ts';
import { storedText, toPage } from './pages.ts';
import { effectView, toEffectView } from './views/effect-view.ts';
import { runListView, toRunListView } from './views/run-view.ts';
import { toPayload } from './with-payloads.ts';

/** What chains have made of events. */
export const runs = {
  list: defineRoute({
    name: 'runs.list',
    method: 'GET',
    url: '/api/runs',
    role: 'viewer',
    summary: 'Runs, those of the newest events first.',
    query: z.strictObject({
      source: asked().optional(),
      chain: asked().optional(),
      type: asked().optional().meta({ description: 'Of events of this type.' }),
      state: runState.optional(),
      code: asked().optional().meta({ description: 'Of the errors table.' }),
      ids: eventIds,
      ...entityFilter,
      text: asked().optional().meta({ description: 'Part of the workflow id, of an id of the event, or of the detail.' }),
      ...span,
      ...page,
    }),
    reply: z.object({ runs: z.array(runListView).readonly(), next }),
    async handle({ query, context: { store, linkTo } }) {
      const { entityType, entityId, limit: _limit, cursor: _cursor, ...filter } = query;
      const { rows, next: following } = await toPage({
        query,
        key: z.tuple([uuid, storedText]),
        toKey: (row: ListedRun) => [row.eventUuid, row.chain],
        list: ({ limit, before }) => {
          const place = before && { eventUuid: before[0], chain: before[1] };
          return store.runs.list({ ...filter, entity: toEntity({ entityType, entityId }), before: place, limit });
        },
      });
      return { runs: rows.map((run) => toRunListView(run, linkTo)), next: following };
    },
  }),

  get: defineRoute({
    name: 'runs.get',
    method: 'GET',
    url: '/api/runs/:workflowId',
    role: 'viewer',
    summary: 'One run, and what the ledger says of its effects.',
    params: z.strictObject({ workflowId: asked(1_024) }),
    query: z.strictObject({ payloads }),
    reply: z.object({ run: runListView, effects: z.array(effectView).readonly() }),
    async handle({ params, query, caller, context: { store, linkTo } }) {
      const run = await store.runs.find(params.workflowId);
      const whole = run && (await readWholeEvent(store.db, run.eventUuid));
      if (run === undefined || whole === undefined) {
        const got = `\`${params.workflowId}\``;
        throw new ApiError('api.notFound', { expected: 'the workflow id of a run', got, fix: 'see `hookline runs`' });
      }
      const wish = { asked: query.payloads, caller };
      return {
        run: { ...toRunListView(run, linkTo), ...toPayload('result', run.result, wish) },
        effects: whole.effects
          .filter(({ ledger }) => ledger === run.ledger)
          .map((effect) => ({ ...toEffectView(effect), ...toPayload('result', effect.result, wish) })),
      };
    },
  }),
} as const;
