import type { Command } from 'commander';
import { toSources } from '../contracts/settings.ts';
import type { Source } from '../contracts/webhook.ts';
import type { DeliveryRow } from '../store/deliveries.ts';
import { globalsOf } from './settings.ts';
import { createPaint, toTable, type Cell, type Paint } from './table.ts';
import { tell } from './tell.ts';
import { toTimeText } from './times.ts';
import { toStateCell } from './tones.ts';
import { withStore } from './with-store.ts';

/** A source, as lists and JSON tell it: how many secrets it has, and none of them. */
export interface SourceView {
  readonly name: string;
  readonly provider: string;
  readonly path: string;
  readonly secrets: number;
  readonly include: readonly string[] | null;
  readonly exclude: readonly string[] | null;
  readonly allow: readonly string[] | null;
  /** The newest request that reached it, refused or not; null where there was none. */
  readonly newest: Pick<DeliveryRow, 'id' | 'receivedAt' | 'outcome' | 'code'> | null;
}

/** `sources`: the endpoints of the settings, and what reached each last. */
export function addSources(program: Command): void {
  program
    .command('sources')
    .description('list the sources of the settings, and what has reached each last')
    .action(async (_options: object, command: Command) => {
      await withStore(command, async ({ store, settings }) => {
        const sources: SourceView[] = [];
        for (const source of toSources(settings))
          sources.push(toSourceView(source, (await store.deliveries.list({ source: source.name, limit: 1 }))[0]));
        tell(globalsOf(command), { document: { sources }, text: () => toSourceTable(sources, createPaint(process.stdout)) });
      });
    });
}

/** What is told of a source. */
export function toSourceView({ name, provider, secrets, include, exclude, allow }: Source, newest: DeliveryRow | undefined): SourceView {
  return {
    name,
    provider,
    path: `/webhooks/${name}`,
    secrets: secrets.length,
    include: include ?? null,
    exclude: exclude ?? null,
    allow: allow ?? null,
    newest: newest === undefined ? null : { id: newest.id, receivedAt: newest.receivedAt, outcome: newest.outcome, code: newest.code },
  };
}

function toSourceTable(sources: readonly SourceView[], paint: Paint): string {
  const rows = sources.map(({ name, provider, path, secrets, include, exclude, newest }): readonly Cell[] => [
    name,
    provider,
    path,
    String(secrets),
    include?.join(', ') ?? 'every type',
    exclude?.join(', ') ?? '',
    newest === null ? 'nothing yet' : toTimeText(newest.receivedAt),
    newest === null ? '' : toStateCell(newest.outcome),
  ]);
  return toTable({ head: ['source', 'provider', 'path', 'secrets', 'include', 'exclude', 'newest delivery', 'outcome'], rows }, paint);
}
