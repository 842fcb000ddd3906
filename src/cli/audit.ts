import type { Command } from 'commander';
import type { z } from 'zod';
import { audit } from '../admin/api/audit.ts';
import { toTimeText } from '../admin/time-text.ts';
import { addPages, addSpan, type PageOptions, type SpanOptions } from './list-options.ts';
import { readPages } from './read-pages.ts';
import { globalsOf } from './settings.ts';
import { createPaint, toTable, type Paint } from './table.ts';
import { tellList } from './tell.ts';
import { withApi } from './with-api.ts';

interface AuditOptions extends PageOptions, SpanOptions {
  readonly actor?: string;
  readonly action?: string;
  readonly target?: string;
  readonly text?: string;
}

type AuditView = z.output<typeof audit.list.reply>['audit'][number];

/** `audit`: who has changed what. */
export function addAudit(program: Command): void {
  const command = program
    .command('audit')
    .description('list every change that a person has made')
    .option('--actor <name>', 'made by this one: the name of a token, or local (user)')
    .option('--action <action>', 'this change, such as event.replay')
    .option('--target <target>', 'of this thing: the UUID of an event, pause agent email');
  addPages(addSpan(command, 'made'), 'actor, action or target').action(async (options: AuditOptions) => {
    const { actor, action, target, text, since, until } = options;
    await withApi(command, async (api) => {
      const { rows, next } = await readPages(options, {
        read: (page) => api.ask(audit.list, { query: { actor, action, target, text, since, until, ...page } }),
        rowsOf: (answer) => answer.audit,
      });
      tellList(globalsOf(command), {
        document: { audit: rows },
        next,
        text: () => (rows.length === 0 ? 'nothing was changed' : toAuditTable(rows, createPaint(process.stdout))),
      });
    });
  });
}

/** Changes, one line each. */
export function toAuditTable(rows: readonly AuditView[], paint: Paint): string {
  const cells = rows.map(({ at, actor, role, action, target, detail }) => [
    toTimeText(at),
    actor,
    role,
    action,
    target,
    Object.keys(detail).length === 0 ? '' : JSON.stringify(detail),
  ]);
  return toTable({ head: ['time', 'by', 'role', 'change', 'of', 'detail'], rows: cells }, paint);
}
