import type { Command } from 'commander';
import { switches } from '../admin/api/switches.ts';
import { globalsOf } from './settings.ts';
import { toStoppedScreen } from './switch-screen.ts';
import { createPaint } from './table.ts';
import { tell } from './tell.ts';
import { withApi } from './with-api.ts';

/** `switches`: what is stopped, and what waits by itself. */
export function addSwitches(program: Command): void {
  program
    .command('switches')
    .description('list what is held and paused, since when, by whom and why, and which vendors have asked to be left alone')
    .action(async (_options: object, command: Command) => {
      await withApi(command, async (api) => {
        const document = await api.ask(switches.list, {});
        tell(globalsOf(command), { document, text: () => toStoppedScreen(document, createPaint(process.stdout)) });
      });
    });
}
