import { Option, type Command } from 'commander';
import type { z } from 'zod';
import { events } from '../admin/api/events.ts';
import { toPrintable } from '../admin/printable.ts';
import { HooklineError } from '../contracts/errors.ts';
import type { ApiClient } from './api/api-client.ts';
import { toRunTable } from './event-screen.ts';
import { findEvent } from './find-event.ts';
import { toHold } from './hold.ts';
import { EXIT, type ExitCode } from './report.ts';
import { clearSwitch } from './set-switch.ts';
import { globalsOf } from './settings.ts';
import { createPaint, type Paint } from './table.ts';
import { tell } from './tell.ts';
import { withApi } from './with-api.ts';

interface ReleaseOptions {
  readonly all?: true;
  readonly event?: string;
}

type Released = z.output<typeof events.release.reply>;

/** `release`: what was held is read, and goes its way. */
export function addRelease(program: Command): void {
  program
    .command('release')
    .description('end the hold of a source or of everything, so that what was kept goes its way; or release one held event')
    .argument('[source]', 'whose hold ends; with `--event`, whose event it is')
    .option('--all', 'end the hold of everything')
    .addOption(new Option('--event <event>', 'release this event alone, whatever holds stand').conflicts('all'))
    .action(async (source: string | undefined, { all, event }: ReleaseOptions, command: Command) => {
      if (event === undefined) return clearSwitch(toHold(source, all === true), { means: MEANS, command });
      process.exitCode = await withApi(command, (api) => releaseOne(api, { text: event, source }, command));
    });
}

const MEANS = 'what was kept goes its way by itself, oldest first';

async function releaseOne(
  api: ApiClient,
  wanted: { readonly text: string; readonly source: string | undefined },
  command: Command,
): Promise<ExitCode> {
  if (wanted.text === '') throw new HooklineError('cli.usage', { expected: 'the id of an event', got: 'none' });
  const { uuid } = await findEvent(api, wanted);
  const released = await api.ask(events.release, { params: { uuid } });
  tell(globalsOf(command), { document: released, text: () => toReleaseScreen(released, createPaint(process.stdout)) });
  return released.did === 'released' ? EXIT.ok : EXIT.failed;
}

/** What the event is now, and its runs; or why there was nothing to release. */
export function toReleaseScreen({ event, did, reason, state, code, detail, runs }: Released, paint: Paint): string {
  const cause = code === null ? '' : `: ${code}${detail === null ? '' : `: ${detail}`}`;
  const what = did === 'nothing' ? `nothing to do${reason === undefined ? '' : `: ${reason}`}` : `is released, and ${state} now${cause}`;
  const said = toPrintable(`${event.source} ${event.eventId}: ${what}`);
  return [said, ...(runs.length === 0 ? [] : [toRunTable(runs, paint)])].join('\n');
}
