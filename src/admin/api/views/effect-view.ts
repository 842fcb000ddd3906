import { z } from 'zod';
import type { EffectRow } from '../../../store/events.ts';
import type { EffectSummary } from '../../../store/list-effects.ts';
import { effectState, payload, time } from '../fields.ts';

/** An effect of an event, as JSON tells it: without what the action has returned, which may hold parts of a payload. */
export const effectView = z
  .object({
    ledger: z.string(),
    action: z.string().meta({ description: '`agent.action`' }),
    key: z.string(),
    round: z.int(),
    state: effectState,
    attempt: z.int(),
    sends: z.int().meta({ description: 'How often it may have gone out.' }),
    dry: z.boolean().meta({ description: 'Performed for test traffic, without reaching the outside.' }),
    detail: z.string().nullable(),
    intendedAt: time,
    updatedAt: time,
    result: payload.optional().meta({ description: 'What the action has returned, with `payloads`.' }),
    redacted: z.literal(true).optional(),
  })
  .meta({ id: 'Effect' });

/** An effect of an event, as JSON tells it. */
export type EffectView = z.output<typeof effectView>;

/** An effect of a list, and the event that it belongs to. */
export const effectListView = z
  .object({
    eventUuid: z.string(),
    source: z.string(),
    eventId: z.string(),
    ledger: z.string(),
    action: z.string().meta({ description: '`agent.action`' }),
    key: z.string(),
    round: z.int(),
    state: effectState,
    sends: z.int(),
    dry: z.boolean().meta({ description: 'Performed for test traffic, without reaching the outside.' }),
    detail: z.string().nullable(),
    updatedAt: time,
  })
  .meta({ id: 'ListedEffect' });

/** An effect of a list, as JSON tells it. */
export type EffectListView = z.output<typeof effectListView>;

/** What is told of an effect. */
export function toEffectView({ result: _result, ...effect }: EffectRow): EffectView {
  return effect;
}

/** What is told of an effect in a list. */
export function toEffectListView({ intendedAtText: _intendedAtText, ...effect }: EffectSummary): EffectListView {
  return effect;
}
