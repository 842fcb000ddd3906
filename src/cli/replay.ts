import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import { toSources } from '../contracts/settings.ts';
import type { WholeEvent } from '../store/events.ts';
import { askYes } from './ask-yes.ts';
import { toEffectTable, toRunTable } from './event-screen.ts';
import { toRunView } from './event-view.ts';
import { findEvent } from './find-event.ts';
import { toPrintable } from './printable.ts';
import { replayEvent, type Replayed } from './replay/replay-event.ts';
import { EXIT } from './report.ts';
import { globalsOf } from './settings.ts';
import { createPaint } from './table.ts';
import { tell } from './tell.ts';
import { withStore } from './with-store.ts';
import { world } from './world.ts';

interface ReplayOptions {
  readonly source?: string;
  readonly chain?: string;
  readonly again?: true;
  readonly yes?: true;
}

const SAID: Readonly<Record<Replayed['did'], string>> = {
  repaired: 'starts again; what is done stays done',
  repeated: 'starts again, with all of its effects',
  routed: 'is routed, and starts',
  nothing: 'nothing to do',
};

/** `replay`: repairs one event. */
export function addReplay(program: Command): void {
  program
    .command('replay')
    .description('start failed and stopped runs of an event again; read one anew that no chain has taken')
    .argument('<event>', "an event's UUID or the beginning of it, its event id, or the provider's own id")
    .option('--source <name>', 'of this source')
    .option('--chain <name>', "only this chain's run")
    .option('--again', 'do finished runs once more too, with all of their effects; asks first')
    .option('--yes', 'do not ask')
    .action(async (text: string, options: ReplayOptions, command: Command) => {
      await withStore(command, async ({ store, settings, linkTo }) => {
        const found = await findEvent(store.events, { text, source: options.source });
        const whole = await store.events.get(found.uuid);
        if (whole === undefined)
          throw new HooklineError('cli.notFound', { expected: 'an event that is still there', got: 'one that was just removed' });
        const replayed = await replayEvent({
          store,
          whole,
          chain: options.chain,
          again: options.again === true,
          sources: toSources(settings),
          now: world.now(),
          confirm: options.yes === true ? async () => true : confirm,
        });
        const runs = replayed.runs.map((run) => toRunView(run, linkTo));
        const { uuid, eventId, source } = whole.event;
        tell(globalsOf(command), {
          document: { event: { uuid, eventId, source }, ...replayed, runs },
          text: () => {
            const said = `${source} ${eventId}: ${SAID[replayed.did]}${replayed.did === 'nothing' ? `: ${replayed.reason}` : ''}`;
            return [toPrintable(said), ...(runs.length === 0 ? [] : [toRunTable(runs, createPaint(process.stdout))])].join('\n');
          },
        });
        process.exitCode = replayed.did === 'nothing' ? EXIT.failed : EXIT.ok;
      });
    });
}

/** Shows what would happen once more, and asks the person at the terminal. */
function confirm(effects: WholeEvent['effects']): Promise<boolean> {
  const table = toEffectTable(effects, createPaint(process.stderr));
  const what = effects.length === 0 ? 'No effect would be repeated.' : `These would happen once more:\n${table}`;
  return askYes({ what, instead: '`--again` alone' });
}
