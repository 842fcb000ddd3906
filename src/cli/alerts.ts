import type { Command } from 'commander';
import { alerts } from '../admin/api/alerts.ts';
import { toTimeText } from '../admin/time-text.ts';
import type { AlertRow } from '../store/list-alerts.ts';
import { globalsOf } from './settings.ts';
import { createPaint, toTable, type Cell, type Paint } from './table.ts';
import { tell } from './tell.ts';
import { withApi } from './with-api.ts';

/** `alerts`: what needs a person. */
export function addAlerts(program: Command): void {
  program
    .command('alerts')
    .description('list what needs a person at the moment, since when, and whether somebody was told')
    .action(async (_options: object, command: Command) => {
      await withApi(command, async (api) => {
        const document = await api.ask(alerts.list, {});
        const text = (): string =>
          document.alerts.length === 0 ? 'no alerts' : toAlertTable(document.alerts, createPaint(process.stdout));
        tell(globalsOf(command), { document, text });
      });
    });
}

/** Alerts, one line each. */
export function toAlertTable(rows: readonly AlertRow[], paint: Paint): string {
  const cells = rows.map(({ rule, target, count, since, seenAt, toldAt }): readonly Cell[] => [
    { text: rule, tone: 'bad' },
    target,
    String(count),
    toTimeText(since),
    toTimeText(seenAt),
    toldAt === null ? { text: 'nobody yet', tone: 'busy' } : toTimeText(toldAt),
  ]);
  return toTable({ head: ['alert', 'of', 'count', 'since', 'last seen', 'told'], rows: cells }, paint);
}
