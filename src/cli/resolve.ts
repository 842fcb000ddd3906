import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import type { WholeEvent } from '../store/events.ts';
import type { Store } from '../store/store.ts';
import { askYes } from './ask-yes.ts';
import { toEffectTable, toRunTable } from './event-screen.ts';
import { toRunView } from './event-view.ts';
import { findEvent } from './find-event.ts';
import { toPrintable } from './printable.ts';
import { EXIT } from './report.ts';
import { chooseEffect, type EffectWish } from './resolve/choose-effect.ts';
import { globalsOf } from './settings.ts';
import { createPaint } from './table.ts';
import { tell } from './tell.ts';
import { withStore } from './with-store.ts';

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
      await withStore(command, async ({ store, linkTo }) => {
        const found = await findEvent(store.events, { text, source: options.source });
        const whole = await store.events.get(found.uuid);
        if (whole === undefined)
          throw new HooklineError('cli.notFound', { expected: 'an event that is still there', got: 'one that was just removed' });
        const { uuid, eventId, source } = whole.event;
        const wish = { action, key: options.key, chain: options.chain };
        const resolved = await resolve(store, { whole, wish, verdict, replay: options.replay, sure: options.yes === true });
        const runs = resolved.ok ? resolved.runs.map((run) => toRunView(run, linkTo)) : [];
        const did = resolved.ok ? verdict : 'nothing';
        tell(globalsOf(command), {
          document: { event: { uuid, eventId, source }, action, did, ...(resolved.ok ? {} : { reason: resolved.reason }), runs },
          text: () => {
            const said = `${source} ${eventId}: ${action} ${SAID[did]}${resolved.ok ? '' : `: ${resolved.reason}`}`;
            return [toPrintable(said), ...(runs.length === 0 ? [] : [toRunTable(runs, createPaint(process.stdout))])].join('\n');
          },
        });
        process.exitCode = resolved.ok ? EXIT.ok : EXIT.failed;
      });
    });
}

interface Wish {
  readonly whole: WholeEvent;
  readonly wish: EffectWish;
  readonly verdict: 'sent' | 'sendAgain';
  readonly replay: boolean;
  readonly sure: boolean;
}

async function resolve(store: Store, { whole, wish, verdict, replay, sure }: Wish): ReturnType<Store['effects']['resolve']> {
  const chosen = chooseEffect(whole, wish);
  if (!chosen.ok) return chosen;
  const { effect } = chosen;
  const what = `${toEffectTable([effect], createPaint(process.stderr))}\n${CONSEQUENCES[verdict]}`;
  if (!sure && !(await askYes({ what, instead: verdict === 'sent' ? '`--sent` alone' : '`--send-again` alone' })))
    return { ok: false, reason: 'not confirmed' };
  return store.effects.resolve({ eventUuid: whole.event.uuid, ...effect }, { verdict, replay });
}

function toVerdict({ sent, sendAgain }: ResolveOptions): 'sent' | 'sendAgain' {
  if ((sent === true) === (sendAgain === true)) {
    const got = sent === true ? 'both' : 'neither';
    throw new HooklineError('cli.usage', { expected: 'either `--sent` or `--send-again`', got, fix: 'find out at the receiver first' });
  }
  return sent === true ? 'sent' : 'sendAgain';
}
