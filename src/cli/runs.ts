import { Option, type Command } from 'commander';
import { runs } from '../admin/api/runs.ts';
import type { RunListView } from '../admin/api/views/run-view.ts';
import { toTimeText } from '../admin/time-text.ts';
import type { RunState } from '../contracts/webhook.ts';
import { addPages, addSpan, type PageOptions, type SpanOptions } from './list-options.ts';
import { noteUnknownSource } from './note-unknown-source.ts';
import { readPages } from './read-pages.ts';
import { globalsOf } from './settings.ts';
import { createPaint, toTable, type Cell, type Paint } from './table.ts';
import { tellList } from './tell.ts';
import { toRunCell } from './tones.ts';
import { withApi } from './with-api.ts';

interface RunsOptions extends PageOptions, SpanOptions {
  readonly source?: string;
  readonly chain?: string;
  readonly state?: RunState;
  readonly code?: string;
  readonly text?: string;
}

const STATES: readonly RunState[] = ['pending', 'started', 'done', 'failed', 'stopped', 'repair_requested'];

/** `runs`: what chains have made of events. */
export function addRuns(program: Command): void {
  const command = program
    .command('runs')
    .description('list runs of chains')
    .option('--source <name>', 'of events of this source')
    .option('--chain <name>', 'of this chain')
    .addOption(new Option('--state <state>', 'in this state').choices(STATES))
    .option('--code <code>', 'failed, stopped or stuck for this reason, such as effect.unknown');
  addPages(addSpan(command, 'of events received'), 'the workflow id, an id of the event, or the detail').action(
    async (options: RunsOptions) => {
      const { source, chain, state, code, text, since, until } = options;
      await withApi(command, async (api) => {
        const { rows, next } = await readPages(options, {
          read: (page) => api.ask(runs.list, { query: { source, chain, state, code, text, since, until, ...page } }),
          rowsOf: (answer) => answer.runs,
        });
        if (rows.length === 0) await noteUnknownSource(api, source);
        tellList(globalsOf(command), {
          document: { runs: rows },
          next,
          text: () => (rows.length === 0 ? 'no runs' : toRunList(rows, createPaint(process.stdout))),
        });
      });
    },
  );
}

/** Runs of any events, one line each. */
export function toRunList(rows: readonly RunListView[], paint: Paint): string {
  const cells = rows.map(({ receivedAt, source, eventId, chain, attempt, code, temporalUrl, workflowId, ...run }): readonly Cell[] => [
    toTimeText(receivedAt),
    source,
    eventId,
    chain,
    toRunCell(run),
    String(attempt),
    code ?? '',
    temporalUrl ?? workflowId,
  ]);
  const head = ['received', 'source', 'event id', 'chain', 'state', 'attempt', 'code', 'temporal'];
  return toTable({ head, rows: cells }, paint);
}
