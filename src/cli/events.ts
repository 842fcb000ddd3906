import { Option, type Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import type { EventState, RunState } from '../contracts/webhook.ts';
import { parseCount } from './counts.ts';
import { toEventScreen, toEventTable } from './event-screen.ts';
import { toEventListView, toWholeEventView } from './event-view.ts';
import { findEvent } from './find-event.ts';
import { globalsOf } from './settings.ts';
import { createPaint } from './table.ts';
import { tell } from './tell.ts';
import { parseSince } from './times.ts';
import { withStore, type OpenStore } from './with-store.ts';
import { world } from './world.ts';

interface EventsOptions {
  readonly source?: string;
  readonly type?: string;
  readonly state?: EventState;
  readonly runState?: RunState;
  readonly since?: Date;
  readonly limit: number;
}

const STATES: readonly EventState[] = ['routed', 'ignored', 'held', 'quarantined'];
const RUN_STATES: readonly RunState[] = ['pending', 'started', 'done', 'failed', 'stopped', 'repair_requested'];

/** `events`: what has been received, and what has become of it. */
export function addEvents(program: Command): void {
  program
    .command('events')
    .description('list events, or show one whole: its runs, effects and deliveries')
    .argument('[id]', "an event's UUID or the beginning of it, its event id, or the provider's own id")
    .option('--source <name>', 'of this source')
    .option('--type <type>', 'of this type, such as order.created')
    .addOption(new Option('--state <state>', 'in this state').choices(STATES))
    .addOption(new Option('--run-state <state>', 'with a run in this state').choices(RUN_STATES))
    .option('--since <time>', 'received since: 30m, 1h, 7d, or ISO 8601', (text) => parseSince(text, world.now()))
    .option('--limit <n>', 'at most so many', parseCount({ min: 1, max: 1_000 }), 20)
    .action(async (id: string | undefined, options: EventsOptions, command: Command) => {
      await withStore(command, (open) =>
        id === undefined ? list(open, options, command) : show(open, { text: id, source: options.source }, command),
      );
    });
}

async function list({ store, linkTo }: OpenStore, options: EventsOptions, command: Command): Promise<void> {
  const events = (await store.events.list(options)).map((event) => toEventListView(event, linkTo));
  tell(globalsOf(command), {
    document: { events },
    text: () => (events.length === 0 ? 'no events' : toEventTable(events, createPaint(process.stdout))),
  });
}

async function show(
  { store, linkTo }: OpenStore,
  wanted: { readonly text: string; readonly source: string | undefined },
  command: Command,
): Promise<void> {
  const whole = await store.events.get((await findEvent(store.events, wanted)).uuid);
  if (whole === undefined)
    throw new HooklineError('cli.notFound', { expected: 'an event that is still there', got: 'one that was just removed' });
  const view = toWholeEventView(whole, linkTo);
  tell(globalsOf(command), { document: view, text: () => toEventScreen(view, createPaint(process.stdout)) });
}
