import { Option, type Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import { addSpan, type SpanOptions } from './list-options.ts';
import { replayFailed } from './replay/replay-failed.ts';
import { replayOne } from './replay/replay-one.ts';
import { withApi } from './with-api.ts';

interface ReplayOptions extends SpanOptions {
  readonly source?: string;
  readonly chain?: string;
  readonly again?: true;
  readonly failed?: true;
  readonly code?: string;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** `replay`: repairs one event, or many. */
export function addReplay(program: Command): void {
  const command = program
    .command('replay')
    .description('start failed and stopped runs of an event again; read one anew that no chain has taken; or start many failed runs again')
    .argument('[event]', "an event's UUID or the beginning of it, its event id, or the provider's own id")
    .option('--source <name>', 'of this source')
    .option('--chain <name>', "only this chain's run, or runs")
    .option('--again', 'do finished runs once more too, with all of their effects; asks first')
    .addOption(
      new Option('--failed', 'every failed run that the filters let through, in place of one event; asks first').conflicts('again'),
    )
    .option('--code <code>', 'with `--failed`: failed for this reason, such as action.gaveUp');
  addSpan(command, 'with `--failed`: of events received')
    .option('--dry-run', 'with `--failed`: only say how many there are')
    .option('--yes', 'do not ask')
    .action(async (text: string | undefined, options: ReplayOptions) => {
      requireOne(text, options);
      process.exitCode = await withApi(command, (api) =>
        text === undefined ? replayFailed(api, options, command) : replayOne(api, { ...options, text }, command),
      );
    });
}

/** Either one event or many; what narrows many says nothing of one. */
function requireOne(text: string | undefined, { failed, code, since, until, dryRun }: ReplayOptions): void {
  if ((text === undefined) !== (failed === true))
    throw new HooklineError('cli.usage', { expected: 'either an event or `--failed`', got: text === undefined ? 'neither' : 'both' });
  if (failed !== true && [code, since, until, dryRun].some((value) => value !== undefined))
    throw new HooklineError('cli.usage', {
      expected: '`--failed` with `--code`, `--since`, `--until` or `--dry-run`',
      got: 'an event',
    });
}
