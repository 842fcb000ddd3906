import { sources } from '../admin/api/sources.ts';
import { toPrintable } from '../admin/printable.ts';
import type { ApiClient } from './api/api-client.ts';

/**
 * Says on stderr that a source by which nothing was found stands in no settings: a misspelt name must not look like a source from which
 * nothing has come. That of a source that there was once is no error.
 */
export async function noteUnknownSource(api: ApiClient, source: string | undefined): Promise<void> {
  if (source === undefined) return;
  const { sources: known } = await api.ask(sources.list, {});
  if (known.some(({ name }) => name === source)) return;
  const names = known.map(({ name }) => `\`${name}\``).sort();
  console.error(`note: the settings have no source \`${toPrintable(source)}\`; there are ${names.join(', ')}`);
}
