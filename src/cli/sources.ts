import type { Command } from 'commander';
import { sources } from '../admin/api/sources.ts';
import type { SourceView } from '../admin/api/views/source-view.ts';
import { toTimeText } from '../admin/time-text.ts';
import { globalsOf } from './settings.ts';
import { createPaint, toTable, type Cell, type Paint } from './table.ts';
import { tell } from './tell.ts';
import { toStateCell } from './tones.ts';
import { withApi } from './with-api.ts';

/** `sources`: the endpoints of the settings, and what reached each last. */
export function addSources(program: Command): void {
  program
    .command('sources')
    .description('list the sources of the settings, and what has reached each last')
    .action(async (_options: object, command: Command) => {
      await withApi(command, async (api) => {
        const document = await api.ask(sources.list, {});
        tell(globalsOf(command), { document, text: () => toSourceTable(document.sources, createPaint(process.stdout)) });
      });
    });
}

/** Sources, one line each, with the whole URL that is to be set up at the provider. */
export function toSourceTable(rows: readonly SourceView[], paint: Paint): string {
  const cells = rows.map(({ name, provider, url, secrets, include, exclude, newest }): readonly Cell[] => [
    name,
    provider,
    url,
    String(secrets),
    include?.join(', ') ?? 'every type',
    exclude?.join(', ') ?? '',
    newest === null ? 'nothing yet' : toTimeText(newest.receivedAt),
    newest === null ? '' : toStateCell(newest.outcome),
  ]);
  return toTable(
    { head: ['source', 'provider', 'url', 'secrets', 'include', 'exclude', 'newest delivery', 'outcome'], rows: cells },
    paint,
  );
}
