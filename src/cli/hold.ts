import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import { setSwitch } from './set-switch.ts';
import type { Switch } from '../store/switches.ts';

interface HoldOptions {
  readonly all?: true;
  readonly reason?: string;
}

/** `hold`: new events are taken and kept, and nothing is made of them. */
export function addHold(program: Command): void {
  program
    .command('hold')
    .description('take and keep the new events of a source, and make nothing of them until they are released; or hold everything')
    .argument('[source]', 'whose events')
    .option('--all', 'everything: also no run starts and no action is performed')
    .option('--reason <text>', 'why, for whoever looks')
    .action(async (source: string | undefined, { all, reason }: HoldOptions, command: Command) => {
      const one = toHold(source, all === true);
      const means =
        one.kind === 'all'
          ? 'webhooks are taken and kept, and nothing runs, until `hookline release --all`'
          : `its new events are taken and kept, until \`hookline release ${one.name}\`; what it has sent before goes on`;
      await setSwitch(one, { reason, means, command });
    });
}

/** The hold that is meant: of one source, or of everything. */
export function toHold(source: string | undefined, all: boolean): Switch & { readonly verb: 'hold' } {
  if ((source === undefined) !== all)
    throw new HooklineError('cli.usage', { expected: 'either a source or `--all`', got: source === undefined ? 'neither' : 'both' });
  return source === undefined ? { verb: 'hold', kind: 'all', name: '*' } : { verb: 'hold', kind: 'source', name: source };
}
