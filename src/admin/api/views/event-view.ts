import { z } from 'zod';
import type { EventSummary, WholeEvent } from '../../../store/events.ts';
import { entityKey, eventState, payload, runState, time } from '../fields.ts';
import { deliveryView, toDeliveryView } from './delivery-view.ts';
import { effectView, toEffectView } from './effect-view.ts';
import { toRunView, runView, type LinkTo } from './run-view.ts';

const common = {
  uuid: z.string(),
  source: z.string(),
  eventId: z.string().meta({ description: 'As it stands in workflow ids.' }),
  providerType: z.string(),
  type: z.string(),
  entity: entityKey.nullable(),
  receivedAt: time,
  test: z.boolean(),
  state: eventState,
  code: z.string().nullable().meta({ description: 'Of the errors table.' }),
  detail: z.string().nullable(),
};

/** An event of a list, as JSON tells it. */
export const eventListView = z
  .object({
    ...common,
    runs: z
      .array(
        z.object({
          chain: z.string(),
          state: runState,
          attempt: z.int(),
          code: z.string().nullable(),
          workflowId: z.string(),
          temporalUrl: z.string().nullable(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'ListedEvent' });

/** An event of a list, as JSON tells it. */
export type EventListView = z.output<typeof eventListView>;

/** An event whole, as JSON tells it: its data and the results of its actions, which are payload, only where they are asked for. */
export const wholeEventView = z.object({
  event: z.object({
    ...common,
    providerId: z.string().meta({ description: 'As the provider wrote it.' }),
    provider: z.string(),
    occurredAt: time,
    deliveryId: z.string().meta({ description: 'Of the delivery whose body counts.' }),
    sameBodyAs: z.string().nullable(),
    schemaVersion: z.int().nullable().meta({ description: "Of the type's schema, which has projected the data." }),
    bodyGone: z.boolean(),
    data: payload.optional().meta({ description: 'With `payloads`.' }),
    redacted: z.literal(true).optional(),
  }),
  runs: z.array(runView).readonly(),
  effects: z.array(effectView).readonly(),
  deliveries: z.array(deliveryView).readonly(),
});

/** An event whole, as JSON tells it. */
export type WholeEventView = z.output<typeof wholeEventView>;

/** An event as changes name it. */
export const eventName = z.object({ uuid: z.string(), eventId: z.string(), source: z.string() });

/** What is told of an event in a list. */
export function toEventListView(event: EventSummary, linkTo: LinkTo): EventListView {
  return { ...event, runs: event.runs.map((run) => ({ ...run, temporalUrl: linkTo(run) })) };
}

/** What is told of one event, without payloads. */
export function toWholeEventView({ event, runs, effects, deliveries }: WholeEvent, linkTo: LinkTo): WholeEventView {
  const { data: _data, ...facts } = event;
  return {
    event: facts,
    runs: runs.map((run) => toRunView(run, linkTo)),
    effects: effects.map(toEffectView),
    deliveries: deliveries.map(toDeliveryView),
  };
}
