import type { Command } from 'commander';
import type { TeamNoticeRow } from '../store/tickets.ts';
import { parseCount } from './counts.ts';
import { globalsOf } from './settings.ts';
import { createPaint, toTable, type Paint } from './table.ts';
import { tell } from './tell.ts';
import { parseSince, toTimeText } from './times.ts';
import { withStore } from './with-store.ts';
import { world } from './world.ts';

/** A notice, as lists and JSON tell it: without its text, in which stands what a customer wrote. */
export interface NoticeView {
  readonly noticedAt: Date;
  readonly ticket: string;
  /** Which escalation of its ticket it tells, from 1; null for another kind of notice. */
  readonly escalation: number | null;
  readonly why: string | null;
  /** Origin of the team's URL; null where there is none, and the notice stands in our table alone. */
  readonly postedTo: string | null;
}

interface NoticesOptions {
  readonly since?: Date;
  readonly limit: number;
}

/** `notices`: what the team was told. */
export function addNotices(program: Command): void {
  program
    .command('notices')
    .description('list what the team was told of escalated tickets')
    .option('--since <time>', 'told since: 30m, 1h, 7d, or ISO 8601', (text) => parseSince(text, world.now()))
    .option('--limit <n>', 'at most so many', parseCount({ min: 1, max: 1_000 }), 20)
    .action(async (options: NoticesOptions, command: Command) => {
      await withStore(command, async ({ store }) => {
        const notices = (await store.agentTables.teamNotices(options)).map(toNoticeView);
        tell(globalsOf(command), {
          document: { notices },
          text: () => (notices.length === 0 ? 'no notices' : toNoticeTable(notices, createPaint(process.stdout))),
        });
      });
    });
}

/** What the support agent writes behind the ticket's number; before it stands what a sender wrote, so only the end of the line counts. */
const ESCALATED = / is escalated(?: again \((?<again>\d{1,9})\))?: (?<why>priority (?:high|urgent)|tag `escalated`)$/;

/** What is told of a notice. */
export function toNoticeView({ subject, text, postedTo, noticedAt }: Omit<TeamNoticeRow, 'key'>): NoticeView {
  const [line = ''] = text.split('\n', 1);
  const told = line.endsWith(`, ${subject}`) ? line.slice(0, -`, ${subject}`.length) : line;
  const { again = '1', why } = ESCALATED.exec(told)?.groups ?? {};
  return { noticedAt, ticket: subject, escalation: why === undefined ? null : Number(again), why: why ?? null, postedTo };
}

function toNoticeTable(notices: readonly NoticeView[], paint: Paint): string {
  const rows = notices.map(({ noticedAt, ticket, escalation, why, postedTo }) => [
    toTimeText(noticedAt),
    ticket,
    escalation === null ? '' : String(escalation),
    why ?? '',
    postedTo ?? 'own table',
  ]);
  return toTable({ head: ['time', 'ticket', 'escalation', 'why', 'sent to'], rows }, paint);
}
