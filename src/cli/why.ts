import type { Command } from 'commander';
import { why } from '../admin/api/why.ts';
import { toPrintable } from '../admin/printable.ts';
import type { Explanation } from '../admin/why/explanation.ts';
import { globalsOf } from './settings.ts';
import { tell } from './tell.ts';
import { withApi } from './with-api.ts';

interface WhyOptions {
  readonly source?: string;
}

/** `why`: one paragraph on why something has, or has not, happened. */
export function addWhy(program: Command): void {
  program
    .command('why')
    .description('say why an event, a run, a delivery or an entity stands as it does')
    .argument('<what>', "an event's id, a workflow id, a delivery's id, or the type of an entity")
    .argument('[id]', "an entity's id: `why order shopify:1001`")
    .option('--source <name>', 'where several sources have an event with this id')
    .action(async (about: string, id: string | undefined, { source }: WhyOptions, command: Command) => {
      await withApi(command, async (api) => {
        const { subject, opening, explanations } = await api.ask(why.explain, { query: { about, id, source } });
        tell(globalsOf(command), {
          document: { subject, explanations },
          text: () => toPrintable(`${opening}${explanations.map(toSentence).join('; ')}.`),
        });
      });
    });
}

function toSentence({ said, fix }: Pick<Explanation, 'said' | 'fix'>): string {
  return fix === null ? said : `${said} (fix: ${fix})`;
}
