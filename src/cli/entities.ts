import type { Command } from 'commander';
import { entities } from '../admin/api/entities.ts';
import type { FieldView } from '../admin/api/views/field-view.ts';
import { toPrintable } from '../admin/printable.ts';
import { toTimeText } from '../admin/time-text.ts';
import { HooklineError } from '../contracts/errors.ts';
import type { ApiClient } from './api/api-client.ts';
import { ApiFailure } from './api/api-failure.ts';
import { addPages, addSpan, type PageOptions, type SpanOptions } from './list-options.ts';
import { readPages } from './read-pages.ts';
import { globalsOf } from './settings.ts';
import { createPaint, toTable, type Paint } from './table.ts';
import { tell, tellList } from './tell.ts';
import { withApi } from './with-api.ts';

interface EntitiesOptions extends PageOptions, SpanOptions {
  readonly text?: string;
  readonly values?: true;
}

/** `entities`: the state that agents share. */
export function addEntities(program: Command): void {
  const command = program
    .command('entities')
    .description('list the entities that agents share, or show which event wrote each field of one')
    .argument('[type]', 'such as order or customer')
    .argument('[id]', 'with the system that it comes from, such as shopify:1001');
  addPages(addSpan(command, 'changed'), 'the id')
    .option('--values', 'with what the fields hold; only for one entity')
    .action(async (type: string | undefined, id: string | undefined, options: EntitiesOptions) => {
      if (options.values === true && id === undefined)
        throw new HooklineError('cli.usage', { expected: 'type and id of an entity with `--values`', got: 'a list' });
      await withApi(command, (api) => {
        if (type === undefined) return listTypes(api, command);
        if (id === undefined) return list(api, { ...options, type }, command);
        return show(api, { type, id, withValues: options.values === true }, command);
      });
    });
}

async function listTypes(api: ApiClient, command: Command): Promise<void> {
  const { types } = await api.ask(entities.types, {});
  const rows = types.map(({ type, count }) => [type, String(count)]);
  tell(globalsOf(command), {
    document: { types },
    text: () => (rows.length === 0 ? 'no entities' : toTable({ head: ['type', 'entities'], rows }, createPaint(process.stdout))),
  });
}

async function list(api: ApiClient, { type, ...options }: EntitiesOptions & { readonly type: string }, command: Command): Promise<void> {
  const { text, since, until } = options;
  const { rows, next } = await readPages(options, {
    read: (page) => api.ask(entities.list, { params: { type }, query: { text, since, until, ...page } }),
    rowsOf: (answer) => answer.entities,
  });
  const cells = rows.map(({ id, updatedAt, fields }) => [toTimeText(updatedAt), id, fields.join(', ')]);
  tellList(globalsOf(command), {
    document: { type, entities: rows },
    next,
    text: () =>
      rows.length === 0 ? 'no entities' : toTable({ head: ['changed', 'id', 'fields'], rows: cells }, createPaint(process.stdout)),
  });
}

async function show(
  api: ApiClient,
  { type, id, withValues }: { readonly type: string; readonly id: string; readonly withValues: boolean },
  command: Command,
): Promise<void> {
  const { redacted, ...entity } = await api
    .ask(entities.get, { params: { type, id }, query: { payloads: withValues } })
    .catch((error: unknown) => {
      if (!(error instanceof ApiFailure) || error.code !== 'api.notFound') throw error;
      const got = `\`${toPrintable(`${type} ${id}`.slice(0, 200))}\``;
      throw new HooklineError('cli.notFound', { expected: 'an entity that an agent has written', got, fix: 'see `hookline entities`' });
    });
  if (redacted === true) throw new HooklineError('api.forbidden', { expected: 'the right to payloads', got: 'a token without it' });
  tell(globalsOf(command), { document: entity, text: () => toFieldTable(entity.fields, createPaint(process.stdout)) });
}

/** The fields of an entity, one line each; with values where they were asked for. */
export function toFieldTable(fields: readonly FieldView[], paint: Paint): string {
  const withValues = fields.some((field) => 'value' in field);
  const rows = fields.map(({ name, time, event, value }) => [
    name,
    time ?? '',
    event ?? '',
    ...(withValues ? [JSON.stringify(value)] : []),
  ]);
  return toTable({ head: ['field', 'written at', 'by event', ...(withValues ? ['value'] : [])], rows }, paint);
}
