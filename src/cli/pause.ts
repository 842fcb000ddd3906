import { Argument, type Command } from 'commander';
import type { Switch } from '../store/switches.ts';
import { clearSwitch, setSwitch } from './set-switch.ts';

type Pause = Extract<Switch, { readonly verb: 'pause' }>;

const MEANS: Readonly<Record<Pause['kind'], string>> = {
  source: 'runs of its events are not started, and their actions wait; new events are taken and routed',
  chain: 'its runs are not started, and their actions wait',
  agent: 'its actions wait, and nothing is lost',
  adapter: 'whatever goes out by it waits, and nothing is lost',
};

/** `pause`: runs and actions wait. */
export function addPause(program: Command): void {
  program
    .command('pause')
    .description('have runs and actions of a source, a chain, an agent or an adapter wait; nothing is lost, and nothing counts as failed')
    .addArgument(kindArgument())
    .argument('<name>', 'of it; adapters are mail, crm, warehouse and team')
    .option('--reason <text>', 'why, for whoever looks')
    .action(async (kind: Pause['kind'], name: string, { reason }: { readonly reason?: string }, command: Command) => {
      await setSwitch(
        { verb: 'pause', kind, name },
        { reason, means: `${MEANS[kind]}, until \`hookline resume ${kind} ${name}\``, command },
      );
    });
}

/** `resume`: they go on. */
export function addResume(program: Command): void {
  program
    .command('resume')
    .description('have what was paused go on')
    .addArgument(kindArgument())
    .argument('<name>', 'of it')
    .action(async (kind: Pause['kind'], name: string, _options: object, command: Command) => {
      await clearSwitch({ verb: 'pause', kind, name }, { means: 'what waits goes on by itself', command });
    });
}

function kindArgument(): Argument {
  const kinds: readonly Pause['kind'][] = ['source', 'chain', 'agent', 'adapter'];
  return new Argument('<kind>', 'what it is').choices(kinds);
}
