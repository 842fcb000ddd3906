import { z } from 'zod';
import { resolveEffect } from '../../store/effects.ts';
import type { EffectPlace, EffectSummary } from '../../store/list-effects.ts';
import { lockEventWithRuns } from '../../store/repair-many.ts';
import { readEventToReplay } from '../replay/replay-event.ts';
import { chooseEffect } from '../resolve/choose-effect.ts';
import { defineRoute } from './define-route.ts';
import { entityFilter, toEntity } from './entity-filter.ts';
import { asked, effectState, next, page, span, uuid } from './fields.ts';
import { makeChange } from './make-change.ts';
import { exactTime, storedText, toPage } from './pages.ts';
import { effectListView, effectView, toEffectListView, toEffectView } from './views/effect-view.ts';
import { eventName } from './views/event-view.ts';
import { runView, toRunView } from './views/run-view.ts';

const which = {
  eventUuid: uuid,
  action: asked().meta({ description: '`agent.action`' }),
  key: asked().optional().meta({ description: 'Where several effects of this action are unknown.' }),
  chain: asked().optional().meta({ description: "Only of this chain's run." }),
};

const PLACE = z.tuple([uuid, exactTime, storedText, storedText, z.int32(), storedText]);

/** What actions have done, or may have done. */
export const effects = {
  list: defineRoute({
    name: 'effects.list',
    method: 'GET',
    url: '/api/effects',
    role: 'viewer',
    summary: 'Effects, those of the newest events first.',
    query: z.strictObject({
      state: effectState.optional(),
      action: asked().optional().meta({ description: '`agent.action`' }),
      agent: asked().optional(),
      source: asked().optional(),
      type: asked().optional().meta({ description: 'Of events of this type.' }),
      ...entityFilter,
      text: asked().optional().meta({ description: 'Part of action, key or detail, or of an id of the event.' }),
      ...span,
      ...page,
    }),
    reply: z.object({ effects: z.array(effectListView).readonly(), next }),
    async handle({ query, context: { store } }) {
      const { entityType, entityId, limit: _limit, cursor: _cursor, ...filter } = query;
      const { rows, next: following } = await toPage({
        query,
        key: PLACE,
        toKey: ({ eventUuid, intendedAtText, action, key, round, ledger }: EffectSummary) => [
          eventUuid,
          intendedAtText,
          action,
          key,
          round,
          ledger,
        ],
        list: ({ limit, before }) =>
          store.effects.list({ ...filter, entity: toEntity({ entityType, entityId }), before: before && toPlace(before), limit }),
      });
      return { effects: rows.map(toEffectListView), next: following };
    },
  }),

  toResolve: defineRoute({
    name: 'effects.toResolve',
    method: 'GET',
    url: '/api/effects/resolve',
    role: 'viewer',
    summary: 'The unknown effect that a resolution would settle.',
    query: z.strictObject(which),
    reply: z.object({
      event: eventName,
      effect: effectView.nullable(),
      reason: z.string().nullable().meta({ description: 'Why there is nothing to settle.' }),
    }),
    async handle({ query: { eventUuid, ...wish }, context: { store } }) {
      const whole = await readEventToReplay(store.db, eventUuid);
      const { uuid: id, eventId, source } = whole.event;
      const event = { uuid: id, eventId, source };
      const chosen = chooseEffect(whole, wish);
      return chosen.ok ? { event, effect: toEffectView(chosen.effect), reason: null } : { event, effect: null, reason: chosen.reason };
    },
  }),

  resolve: defineRoute({
    name: 'effects.resolve',
    method: 'POST',
    url: '/api/effects/resolve',
    role: 'operator',
    summary: 'Settles an effect of which nobody knows whether it has happened, and starts the failed run again.',
    body: z.strictObject({
      ...which,
      verdict: z.enum(['sent', 'sendAgain']).meta({ description: '`sent`: it counts as done; `sendAgain`: the next attempt sends it.' }),
      replay: z.boolean().meta({ description: 'Whether the failed run that waits for it goes on.' }),
      sends: z.int().optional().meta({ description: 'How often it had been sent when a person looked; another number changes nothing.' }),
    }),
    reply: z.object({
      event: eventName,
      action: z.string(),
      did: z.enum(['sent', 'sendAgain', 'nothing']),
      reason: z.string().optional().meta({ description: 'Why nothing was done.' }),
      runs: z.array(runView).readonly(),
    }),
    handle: ({ body: { eventUuid, verdict, replay, sends, ...wish }, caller, context }) =>
      makeChange({ context, caller }, async (tx, audit) => {
        await lockEventWithRuns(tx, eventUuid);
        const whole = await readEventToReplay(tx, eventUuid);
        const { uuid: id, eventId, source } = whole.event;
        const told = { event: { uuid: id, eventId, source }, action: wish.action };
        const chosen = chooseEffect(whole, wish);
        if (!chosen.ok) return { ...told, did: 'nothing' as const, reason: chosen.reason, runs: [] };
        const seen = { eventUuid, ...chosen.effect, sends: sends ?? chosen.effect.sends };
        const resolved = await resolveEffect(tx, seen, { verdict, replay });
        if (!resolved.ok) return { ...told, did: 'nothing' as const, reason: resolved.reason, runs: [] };
        const { ledger, key, round } = seen;
        const chains = resolved.runs.map(({ chain }) => chain);
        const detail = { source, eventId, action: wish.action, ledger, key, round, verdict, chains };
        await audit({ action: 'effect.resolve', target: eventUuid, detail });
        return { ...told, did: verdict, runs: resolved.runs.map((run) => toRunView(run, context.linkTo)) };
      }),
  }),
} as const;

function toPlace([eventUuid, intendedAtText, action, key, round, ledger]: z.output<typeof PLACE>): EffectPlace {
  return { eventUuid, intendedAtText, action, key, round, ledger };
}
