import { z } from 'zod';
import { countRepairable, type RepairFilter } from '../../store/repair-many.ts';
import { readEventToReplay, replayEvent, toRunsOf } from '../replay/replay-event.ts';
import { replayMany } from '../replay/replay-many.ts';
import { toRepeatPreview } from '../replay/repeat-preview.ts';
import { defineRoute } from './define-route.ts';
import { asked, askedTime, next, uuid } from './fields.ts';
import { makeChange } from './make-change.ts';
import { fromCursor, storedText, toCursor } from './pages.ts';
import { effectView, toEffectView } from './views/effect-view.ts';
import { eventName } from './views/event-view.ts';
import { runView, toRunView } from './views/run-view.ts';

const params = z.strictObject({ uuid });
const LAST_RUN = z.tuple([uuid, storedText]);

/** Repairs: of one event, and of many. */
export const replays = {
  preview: defineRoute({
    name: 'replays.preview',
    method: 'GET',
    url: '/api/events/:uuid/replay',
    role: 'viewer',
    summary: 'What a replay with `again` would do once more, and the fingerprint that it has to bring.',
    params,
    query: z.strictObject({ again: z.literal('true'), chain: asked().optional() }),
    reply: z.object({
      event: eventName,
      runs: z.array(runView).readonly().meta({ description: 'That would start again.' }),
      effects: z.array(effectView).readonly().meta({ description: 'That would happen once more.' }),
      expect: z.string().nullable().meta({ description: 'Null where there is nothing that could be repeated.' }),
      reason: z.string().nullable(),
    }),
    async handle({ params: { uuid: id }, query: { chain }, context: { store, linkTo } }) {
      const whole = await readEventToReplay(store.db, id);
      if (chain !== undefined) toRunsOf(whole, chain);
      const preview = toRepeatPreview(whole, chain);
      const { uuid: eventUuid, eventId, source } = whole.event;
      const event = { uuid: eventUuid, eventId, source };
      if (!preview.ok) return { event, runs: [], effects: [], expect: null, reason: preview.reason };
      return {
        event,
        runs: preview.runs.map((run) => toRunView(run, linkTo)),
        effects: preview.effects.map(toEffectView),
        expect: preview.expect,
        reason: null,
      };
    },
  }),

  one: defineRoute({
    name: 'replays.one',
    method: 'POST',
    url: '/api/events/:uuid/replay',
    role: 'operator',
    summary: 'Starts failed and stopped runs of an event again, with `again` finished ones too; reads one anew that no chain has taken.',
    params,
    body: z
      .strictObject({
        chain: asked().optional().meta({ description: "Only this chain's run." }),
        again: z.boolean().optional().meta({ description: 'Finished runs too, with all of their effects.' }),
        expect: z.string().max(64).optional().meta({ description: 'With `again`: the fingerprint of what was shown.' }),
      })
      .refine(({ again, expect }) => again !== true || expect !== undefined, { path: ['expect'], error: 'is needed with `again`' }),
    reply: z.object({
      event: eventName,
      did: z.enum(['repaired', 'repeated', 'routed', 'nothing']),
      reason: z.string().optional().meta({ description: 'Why nothing was done.' }),
      note: z.string().optional(),
      runs: z.array(runView).readonly(),
    }),
    handle: ({ params: { uuid: id }, body, caller, context }) =>
      makeChange({ context, caller }, async (tx, audit) => {
        const again = body.again === true ? { expect: body.expect ?? '' } : undefined;
        const wish = { tx, uuid: id, chain: body.chain, again, sources: context.sources, now: context.now() };
        const { event, replayed } = await replayEvent(wish);
        const { uuid: eventUuid, eventId, source } = event;
        if (replayed.did !== 'nothing') {
          const chains = replayed.runs.map(({ chain }) => chain);
          await audit({ action: 'event.replay', target: eventUuid, detail: { source, eventId, did: replayed.did, chains } });
        }
        return {
          event: { uuid: eventUuid, eventId, source },
          ...replayed,
          runs: replayed.runs.map((run) => toRunView(run, context.linkTo)),
        };
      }),
  }),

  many: defineRoute({
    name: 'replays.many',
    method: 'POST',
    url: '/api/replays',
    role: 'operator',
    summary: 'Starts many failed or stopped runs again, oldest receipt first, page by page; with `dryRun` it only counts them.',
    body: z.strictObject({
      filter: z.strictObject({
        state: z.enum(['failed', 'stopped']),
        source: asked().optional(),
        chain: asked().optional(),
        code: asked().optional().meta({ description: 'Of the errors table.' }),
        since: askedTime.optional().meta({ description: 'Of events received at or after this time.' }),
        until: askedTime.optional().meta({ description: 'Of events received before this time.' }),
      }),
      limit: z.int().min(1).max(500).optional().meta({ description: 'At most so many runs, 1 to 500; 500 without it.' }),
      dryRun: z.boolean().optional(),
      cursor: z.string().max(2_048).optional().meta({ description: 'What the page before has told as `next`.' }),
    }),
    reply: z.object({
      matched: z.number().meta({ description: 'Runs that the filter lets through at the moment, over all pages.' }),
      groups: z.array(z.object({ chain: z.string(), code: z.string().nullable(), runs: z.number() })).readonly(),
      asked: z.int().meta({ description: 'How many were asked to start again by this page.' }),
      skipped: z.array(z.object({ eventUuid: z.string(), chain: z.string(), reason: z.string() })).readonly(),
      next,
    }),
    handle: ({ body: { filter, limit = 500, dryRun, cursor }, caller, context }) =>
      makeChange({ context, caller }, async (tx, audit) => {
        const groups = await countRepairable(tx, filter);
        const counted = { matched: groups.reduce((sum, { runs }) => sum + runs, 0), groups };
        if (dryRun === true) return { ...counted, asked: 0, skipped: [], next: null };
        const [eventUuid, chain] = cursor === undefined ? [] : fromCursor(cursor, LAST_RUN);
        const after = eventUuid === undefined || chain === undefined ? undefined : { eventUuid, chain };
        const done = await replayMany({ tx, filter, after, limit, sources: context.sources, now: context.now() });
        if (done.asked > 0)
          await audit({ action: 'run.replayMany', target: filter.state, detail: { ...toDetail(filter), asked: done.asked } });
        const following = done.last === undefined ? null : toCursor([done.last.eventUuid, done.last.chain]);
        return { ...counted, asked: done.asked, skipped: done.skipped, next: following };
      }),
  }),
} as const;

function toDetail({ source, chain, code, since, until }: RepairFilter): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries({ source, chain, code, since: since?.toISOString(), until: until?.toISOString() }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}
