import { Option, type Command } from 'commander';
import { events } from '../admin/api/events.ts';
import type { EventState, RunState } from '../contracts/webhook.ts';
import type { ApiClient } from './api/api-client.ts';
import { toEventScreen, toEventTable } from './event-screen.ts';
import { findEvent } from './find-event.ts';
import { addPages, addSpan, type PageOptions, type SpanOptions } from './list-options.ts';
import { noteUnknownSource } from './note-unknown-source.ts';
import { readPages } from './read-pages.ts';
import { globalsOf } from './settings.ts';
import { createPaint } from './table.ts';
import { tell, tellList } from './tell.ts';
import { withApi } from './with-api.ts';

interface EventsOptions extends PageOptions, SpanOptions {
  readonly source?: string;
  readonly type?: string;
  readonly state?: EventState;
  readonly runState?: RunState;
  readonly text?: string;
}

const STATES: readonly EventState[] = ['routed', 'ignored', 'held', 'quarantined'];
const RUN_STATES: readonly RunState[] = ['pending', 'started', 'done', 'failed', 'stopped', 'repair_requested'];

/** `events`: what has been received, and what has become of it. */
export function addEvents(program: Command): void {
  const command = program
    .command('events')
    .description('list events, or show one whole: its runs, effects and deliveries')
    .argument('[id]', "an event's UUID or the beginning of it, its event id, or the provider's own id")
    .option('--source <name>', 'of this source')
    .option('--type <type>', 'of this type, such as order.created')
    .addOption(new Option('--state <state>', 'in this state').choices(STATES))
    .addOption(new Option('--run-state <state>', 'with a run in this state').choices(RUN_STATES));
  addPages(addSpan(command, 'received'), 'an id of the event or its delivery, or the detail').action(
    async (id: string | undefined, options: EventsOptions) => {
      await withApi(command, (api) =>
        id === undefined ? list(api, options, command) : show(api, { text: id, source: options.source }, command),
      );
    },
  );
}

async function list(api: ApiClient, options: EventsOptions, command: Command): Promise<void> {
  const { source, type, state, runState, text, since, until } = options;
  const { rows, next } = await readPages(options, {
    read: (page) => api.ask(events.list, { query: { source, type, state, runState, text, since, until, ...page } }),
    rowsOf: (answer) => answer.events,
  });
  if (rows.length === 0) await noteUnknownSource(api, options.source);
  tellList(globalsOf(command), {
    document: { events: rows },
    next,
    text: () => (rows.length === 0 ? 'no events' : toEventTable(rows, createPaint(process.stdout))),
  });
}

async function show(
  api: ApiClient,
  wanted: { readonly text: string; readonly source: string | undefined },
  command: Command,
): Promise<void> {
  const { uuid } = await findEvent(api, wanted);
  const whole = await api.ask(events.get, { params: { uuid } });
  tell(globalsOf(command), { document: whole, text: () => toEventScreen(whole, createPaint(process.stdout)) });
}
