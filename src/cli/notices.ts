import type { Command } from 'commander';
import { notices } from '../admin/api/notices.ts';
import type { NoticeView } from '../admin/api/views/notice-view.ts';
import { toTimeText } from '../admin/time-text.ts';
import { addPages, addSpan, type PageOptions, type SpanOptions } from './list-options.ts';
import { readPages } from './read-pages.ts';
import { globalsOf } from './settings.ts';
import { createPaint, toTable, type Paint } from './table.ts';
import { tellList } from './tell.ts';
import { withApi } from './with-api.ts';

interface NoticesOptions extends PageOptions, SpanOptions {
  readonly text?: string;
}

/** `notices`: what the team was told. */
export function addNotices(program: Command): void {
  const command = program.command('notices').description('list what the team was told of escalated tickets');
  addPages(addSpan(command, 'told'), "the ticket's id").action(async (options: NoticesOptions) => {
    const { text, since, until } = options;
    await withApi(command, async (api) => {
      const { rows, next } = await readPages(options, {
        read: (page) => api.ask(notices.list, { query: { text, since, until, ...page } }),
        rowsOf: (answer) => answer.notices,
      });
      tellList(globalsOf(command), {
        document: { notices: rows },
        next,
        text: () => (rows.length === 0 ? 'no notices' : toNoticeTable(rows, createPaint(process.stdout))),
      });
    });
  });
}

/** Notices, one line each. */
export function toNoticeTable(rows: readonly NoticeView[], paint: Paint): string {
  const cells = rows.map(({ noticedAt, ticket, escalation, why, postedTo }) => [
    toTimeText(noticedAt),
    ticket,
    escalation === null ? '' : String(escalation),
    why ?? '',
    postedTo ?? 'own table',
  ]);
  return toTable({ head: ['time', 'ticket', 'escalation', 'why', 'sent to'], rows: cells }, paint);
}
