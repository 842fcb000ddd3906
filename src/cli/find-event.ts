import { find } from '../admin/api/find.ts';
import type { EventListView } from '../admin/api/views/event-view.ts';
import { toPrintable } from '../admin/printable.ts';
import { HooklineError } from '../contracts/errors.ts';
import type { ApiClient } from './api/api-client.ts';

/**
 * The one event that a text means: its UUID or the beginning of it, its event id, or the provider's own id. Throws
 * `cli.notFound`, or `cli.usage` where the text means several.
 */
export async function findEvent(
  api: ApiClient,
  { text, source }: { readonly text: string; readonly source?: string | undefined },
): Promise<EventListView> {
  const got = `\`${toPrintable(text.slice(0, 200))}\``;
  if (text === '') throw new HooklineError('cli.usage', { expected: 'the id of an event', got });
  const { events } = await api.ask(find.events, { query: { text, source } });
  const [only] = events;
  if (only === undefined)
    throw new HooklineError('cli.notFound', {
      expected: 'the id of an event',
      got,
      ...(source === undefined ? {} : { where: `source \`${toPrintable(source)}\`` }),
    });
  if (events.length === 1) return only;
  const list = events.map((event) => `${event.source} ${event.uuid}`).join(', ');
  throw new HooklineError('cli.usage', {
    expected: 'the id of one event',
    got: `${got}, which ${events.length} have`,
    fix: `add \`--source\`, or take the UUID of one: ${list}`,
  });
}
