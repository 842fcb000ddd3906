import type { DeliveryRow } from '../store/deliveries.ts';
import type { EffectRow, EventRow, EventSummary, WholeEvent } from '../store/events.ts';
import type { RunRow } from '../store/runs.ts';

/** The page of a run in the Temporal UI; null where nobody knows the UI. */
export type LinkTo = (run: { readonly workflowId: string; readonly runId?: string | null }) => string | null;

/** An event of a list, as JSON tells it. */
export interface EventListView extends Omit<EventSummary, 'runs'> {
  readonly runs: readonly (EventSummary['runs'][number] & { readonly temporalUrl: string | null })[];
}

/** A run, as JSON tells it: what a chain returned may hold parts of a payload, and stays in Temporal. */
export interface RunView extends Omit<RunRow, 'result' | 'eventUuid'> {
  readonly temporalUrl: string | null;
}

/** An event whole, as JSON tells it: without its data and the results of its actions, which are payload. */
export interface WholeEventView {
  readonly event: Omit<EventRow, 'data'>;
  readonly runs: readonly RunView[];
  readonly effects: readonly Omit<EffectRow, 'result'>[];
  readonly deliveries: readonly DeliveryView[];
}

/** A delivery, as JSON tells it. */
export interface DeliveryView extends Omit<DeliveryRow, 'bodySha256'> {
  /** Hexadecimal. */
  readonly bodySha256: string;
}

/** What is told of an event in a list. */
export function toEventListView(event: EventSummary, linkTo: LinkTo): EventListView {
  return { ...event, runs: event.runs.map((run) => ({ ...run, temporalUrl: linkTo(run) })) };
}

/** What is told of one event. */
export function toWholeEventView({ event, runs, effects, deliveries }: WholeEvent, linkTo: LinkTo): WholeEventView {
  const { data: _data, ...facts } = event;
  return {
    event: facts,
    runs: runs.map((run) => toRunView(run, linkTo)),
    effects: effects.map(({ result: _result, ...effect }) => effect),
    deliveries: deliveries.map(toDeliveryView),
  };
}

/** What is told of a run. */
export function toRunView({ result: _result, eventUuid: _eventUuid, ...run }: RunRow, linkTo: LinkTo): RunView {
  const isToStart = run.state === 'pending' || run.state === 'repair_requested'; // the run that is named is that of the attempt before
  return { ...run, temporalUrl: linkTo(isToStart ? { workflowId: run.workflowId } : run) };
}

/** What is told of a delivery. */
export function toDeliveryView(delivery: DeliveryRow): DeliveryView {
  return { ...delivery, bodySha256: delivery.bodySha256.toString('hex') };
}
