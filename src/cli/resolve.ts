import type { Command } from 'commander';
import type { z } from 'zod';
import { effects } from '../admin/api/effects.ts';
import { toPrintable } from '../admin/printable.ts';
import { HooklineError } from '../contracts/errors.ts';
import type { ApiClient } from './api/api-client.ts';
import { askYes } from './ask-yes.ts';
import { toEffectTable, toRunTable } from './event-screen.ts';
import { findEvent } from './find-event.ts';
import { EXIT } from './report.ts';
import { globalsOf } from './settings.ts';
import { createPaint, type Paint } from './table.ts';
import { tell } from './tell.ts';
import { withApi } from './with-api.ts';

interface ResolveOptions {
  readonly source?: string;
  readonly key?: string;
  readonly chain?: string;
  readonly sent?: true;
  readonly sendAgain?: true;
  /** Commander's way to say that `--no-replay` was not given. */
  readonly replay: boolean;
  readonly yes?: true;
}

type Resolved = z.output<typeof effects.resolve.reply>;

const CONSEQUENCES = {
  sent: 'It counts as done from now on, and is never sent again.',
  sendAgain: 'It is sent again: if it has happened after all, it happens twice.',
} as const;
const SAID = { sent: 'counts as sent', sendAgain: 'will be sent again', nothing: 'nothing to do' } as const;

/** `resolve`: a person settles an effect of which nobody knows whether it has happened. */
export function addResolve(program: Command): void {
  program
    .command('resolve')
    .description('settle an effect of which nobody knows whether it has happened')
    .argument('<event>', "an event's UUID or the beginning of it, its event id, or the provider's own id")
    .argument('<action>', 'the action, such as email.sendOrderConfirmation')
    .option('--sent', 'it has happened: count it as done')
    .option('--send-again', 'it has not happened: do it again')
    .option('--source <name>', 'where several sources have an event with this id')
    .option('--key <key>', 'where several effects of this action are unknown')
    .option('--chain <name>', "of this chain's run")
    .option('--no-replay', 'leave the failed run as it is')
    .option('--yes', 'do not ask')
    .action(async (text: string, action: string, options: ResolveOptions, command: Command) => {
      const verdict = toVerdict(options);
      await withApi(command, async (api) => {
        const { uuid } = await findEvent(api, { text, source: options.source });
        const resolved = await resolve(api, { uuid, action, verdict, options });
        tell(globalsOf(command), { document: resolved, text: () => toResolveScreen(resolved, createPaint(process.stdout)) });
        process.exitCode = resolved.did === 'nothing' ? EXIT.failed : EXIT.ok;
      });
    });
}

interface Wish {
  readonly uuid: string;
  readonly action: string;
  readonly verdict: 'sent' | 'sendAgain';
  readonly options: ResolveOptions;
}

/** Shows the effect that is meant, and asks; it is settled only as it stood there. */
async function resolve(api: ApiClient, { uuid, action, verdict, options }: Wish): Promise<Resolved> {
  const which = { eventUuid: uuid, action, key: options.key, chain: options.chain };
  const { event, effect, reason } = await api.ask(effects.toResolve, { query: which });
  const nothing = (why: string): Resolved => ({ event, action, did: 'nothing', reason: why, runs: [] });
  if (effect === null) return nothing(reason ?? 'there is nothing to settle');
  const what = `${toEffectTable([effect], createPaint(process.stderr))}\n${CONSEQUENCES[verdict]}`;
  if (options.yes !== true && !(await askYes({ what, instead: verdict === 'sent' ? '`--sent` alone' : '`--send-again` alone' })))
    return nothing('not confirmed');
  return api.ask(effects.resolve, { body: { ...which, key: effect.key, verdict, replay: options.replay, sends: effect.sends } });
}

/** What was settled, or why nothing, and the runs that go on. */
export function toResolveScreen({ event, action, did, reason, runs }: Resolved, paint: Paint): string {
  const said = `${event.source} ${event.eventId}: ${action} ${SAID[did]}${reason === undefined ? '' : `: ${reason}`}`;
  return [toPrintable(said), ...(runs.length === 0 ? [] : [toRunTable(runs, paint)])].join('\n');
}

function toVerdict({ sent, sendAgain }: ResolveOptions): 'sent' | 'sendAgain' {
  if ((sent === true) === (sendAgain === true)) {
    const got = sent === true ? 'both' : 'neither';
    throw new HooklineError('cli.usage', { expected: 'either `--sent` or `--send-again`', got, fix: 'find out at the receiver first' });
  }
  return sent === true ? 'sent' : 'sendAgain';
}
