import { HooklineError } from '../contracts/errors.ts';
import { toEventId } from '../contracts/ids.ts';
import type { EventSummary, Events } from '../store/events.ts';
import { toPrintable } from './printable.ts';

/**
 * The one event that a text means: its UUID or the beginning of it, its event id, or the provider's own id. Throws
 * `cli.notFound`, or `cli.usage` where the text means several.
 */
export async function findEvent(
  events: Pick<Events, 'find'>,
  { text, source }: { readonly text: string; readonly source?: string | undefined },
): Promise<EventSummary> {
  const found = (await events.find(text)).filter((event) => source === undefined || event.source === source);
  const exact = found.filter(({ uuid, eventId }) => uuid === text.toLowerCase() || eventId === toEventId(text));
  const meant = exact.length === 0 ? found : exact;
  const [only] = meant;
  const got = `\`${toPrintable(text.slice(0, 200))}\``;
  if (only === undefined)
    throw new HooklineError('cli.notFound', {
      expected: 'the id of an event',
      got,
      ...(source === undefined ? {} : { where: `source \`${toPrintable(source)}\`` }),
    });
  if (meant.length === 1) return only;
  const list = meant.map((event) => `${event.source} ${event.uuid}`).join(', ');
  throw new HooklineError('cli.usage', {
    expected: 'the id of one event',
    got: `${got}, which ${meant.length} have`,
    fix: `add \`--source\`, or take the UUID of one: ${list}`,
  });
}
