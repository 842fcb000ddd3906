import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import { isJsonObject } from '../contracts/json.ts';
import type { WholeEntity } from '../store/agent-tables.ts';
import type { Store } from '../store/store.ts';
import { parseCount } from './counts.ts';
import { toPrintable } from './printable.ts';
import { globalsOf, type GlobalOptions } from './settings.ts';
import { createPaint, toTable } from './table.ts';
import { tell } from './tell.ts';
import { toTimeText } from './times.ts';
import { withStore } from './with-store.ts';

interface EntitiesOptions {
  readonly limit: number;
  readonly values?: true;
}

/** A field of an entity, and the write that stands for it. */
export interface FieldView {
  readonly name: string;
  /** The time of the event that wrote it; null where its version has another form. */
  readonly time: string | null;
  /** Its id and its source. */
  readonly event: string | null;
  /** JSON; only where it was asked for, since it is what senders have written. */
  readonly value?: unknown;
}

/** `entities`: the state that agents share. */
export function addEntities(program: Command): void {
  program
    .command('entities')
    .description('list the entities that agents share, or show which event wrote each field of one')
    .argument('[type]', 'such as order or customer')
    .argument('[id]', 'with the system that it comes from, such as shopify:1001')
    .option('--limit <n>', 'at most so many', parseCount({ min: 1, max: 1_000 }), 20)
    .option('--values', 'with what the fields hold; only for one entity')
    .action(async (type: string | undefined, id: string | undefined, options: EntitiesOptions, command: Command) => {
      if (options.values === true && id === undefined)
        throw new HooklineError('cli.usage', { expected: 'type and id of an entity with `--values`', got: 'a list' });
      const globals = globalsOf(command);
      await withStore(command, async ({ store }) => {
        if (type === undefined) return listTypes(store, globals);
        if (id === undefined) return listOne(store, { type, limit: options.limit }, globals);
        const entity = await store.agentTables.entity({ type, id });
        if (entity === undefined) {
          const got = `\`${toPrintable(`${type} ${id}`.slice(0, 200))}\``;
          throw new HooklineError('cli.notFound', { expected: 'an entity that an agent has written', got, fix: 'see `hookline entities`' });
        }
        const fields = toFieldViews(entity, options.values === true);
        tell(globals, {
          document: { type, id, updatedAt: entity.updatedAt, fields },
          text: () => toFieldTable(fields),
        });
      });
    });
}

/** Which event wrote each field, by name. */
export function toFieldViews({ fields, versions }: Pick<WholeEntity, 'fields' | 'versions'>, withValues: boolean): readonly FieldView[] {
  return Object.keys(fields)
    .sort()
    .map((name) => {
      const version = versions[name];
      const { time, eventId } = isJsonObject(version) ? version : {};
      const wrote = { time: typeof time === 'string' ? time : null, event: typeof eventId === 'string' ? eventId : null };
      return { name, ...wrote, ...(withValues ? { value: fields[name] } : {}) };
    });
}

async function listTypes(store: Store, globals: GlobalOptions): Promise<void> {
  const types = await store.agentTables.entityTypes();
  const rows = types.map(({ type, count }) => [type, String(count)]);
  tell(globals, {
    document: { types },
    text: () => (rows.length === 0 ? 'no entities' : toTable({ head: ['type', 'entities'], rows }, createPaint(process.stdout))),
  });
}

async function listOne(store: Store, wanted: { readonly type: string; readonly limit: number }, globals: GlobalOptions): Promise<void> {
  const entities = (await store.agentTables.changedEntities(wanted)).map(({ id, fields, updatedAt }) => ({
    id,
    updatedAt,
    fields: Object.keys(fields).sort(),
  }));
  const rows = entities.map(({ id, updatedAt, fields }) => [toTimeText(updatedAt), id, fields.join(', ')]);
  tell(globals, {
    document: { type: wanted.type, entities },
    text: () => (rows.length === 0 ? 'no entities' : toTable({ head: ['changed', 'id', 'fields'], rows }, createPaint(process.stdout))),
  });
}

function toFieldTable(fields: readonly FieldView[]): string {
  const withValues = fields.some((field) => 'value' in field);
  const rows = fields.map(({ name, time, event, value }) => [
    name,
    time ?? '',
    event ?? '',
    ...(withValues ? [JSON.stringify(value)] : []),
  ]);
  return toTable({ head: ['field', 'written at', 'by event', ...(withValues ? ['value'] : [])], rows }, createPaint(process.stdout));
}
