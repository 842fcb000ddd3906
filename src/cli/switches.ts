import type { Command } from 'commander';
import { switches } from '../admin/api/switches.ts';
import { globalsOf } from './settings.ts';
import { toSwitchTable } from './switch-screen.ts';
import { createPaint } from './table.ts';
import { tell } from './tell.ts';
import { withApi } from './with-api.ts';

/** `switches`: what is stopped. */
export function addSwitches(program: Command): void {
  program
    .command('switches')
    .description('list what is held and paused, since when, by whom and why')
    .action(async (_options: object, command: Command) => {
      await withApi(command, async (api) => {
        const document = await api.ask(switches.list, {});
        const text = (): string =>
          document.switches.length === 0 ? 'nothing is stopped' : toSwitchTable(document.switches, createPaint(process.stdout));
        tell(globalsOf(command), { document, text });
      });
    });
}
