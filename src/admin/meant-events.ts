import { toEventId } from '../contracts/ids.ts';

/**
 * Of the events that a text may mean, those that it does: those with this very id where there are any, else all whose UUID begins so.
 * One of them is what was meant; several have to be told apart by whoever asks.
 */
export function toMeantEvents<Event extends { readonly uuid: string; readonly eventId: string; readonly source: string }>(
  events: readonly Event[],
  { text, source }: { readonly text: string; readonly source?: string | undefined },
): readonly Event[] {
  const found = events.filter((event) => source === undefined || event.source === source);
  const exact = found.filter(({ uuid, eventId }) => uuid === text.toLowerCase() || eventId === toEventId(text));
  return exact.length === 0 ? found : exact;
}
