import { Option, type Command } from 'commander';
import type { RunState } from '../contracts/webhook.ts';
import type { ListedRun } from '../store/runs.ts';
import { parseCount } from './counts.ts';
import { toRunView, type LinkTo, type RunView } from './event-view.ts';
import { globalsOf } from './settings.ts';
import { createPaint, toTable, type Cell, type Paint } from './table.ts';
import { tell } from './tell.ts';
import { parseSince, toTimeText } from './times.ts';
import { toStateCell } from './tones.ts';
import { withStore } from './with-store.ts';
import { world } from './world.ts';

interface RunsOptions {
  readonly source?: string;
  readonly chain?: string;
  readonly state?: RunState;
  readonly code?: string;
  readonly since?: Date;
  readonly limit: number;
}

/** A run of a list, as JSON tells it. */
export interface RunListView extends RunView {
  readonly source: string;
  readonly eventId: string;
  readonly eventUuid: string;
  readonly receivedAt: Date;
}

const STATES: readonly RunState[] = ['pending', 'started', 'done', 'failed', 'stopped', 'repair_requested'];

/** `runs`: what chains have made of events. */
export function addRuns(program: Command): void {
  program
    .command('runs')
    .description('list runs of chains')
    .option('--source <name>', 'of events of this source')
    .option('--chain <name>', 'of this chain')
    .addOption(new Option('--state <state>', 'in this state').choices(STATES))
    .option('--code <code>', 'failed or stopped for this reason, such as effect.unknown')
    .option('--since <time>', 'of events received since: 30m, 1h, 7d, or ISO 8601', (text) => parseSince(text, world.now()))
    .option('--limit <n>', 'at most so many', parseCount({ min: 1, max: 1_000 }), 20)
    .action(async (options: RunsOptions, command: Command) => {
      await withStore(command, async ({ store, linkTo }) => {
        const runs = (await store.runs.list(options)).map((run) => toRunListView(run, linkTo));
        tell(globalsOf(command), {
          document: { runs },
          text: () => (runs.length === 0 ? 'no runs' : toRunList(runs, createPaint(process.stdout))),
        });
      });
    });
}

function toRunListView({ source, eventId, receivedAt, ...run }: ListedRun, linkTo: LinkTo): RunListView {
  return { source, eventId, eventUuid: run.eventUuid, receivedAt, ...toRunView(run, linkTo) };
}

function toRunList(runs: readonly RunListView[], paint: Paint): string {
  const rows = runs.map(({ receivedAt, source, eventId, chain, state, attempt, code, temporalUrl, workflowId }): readonly Cell[] => [
    toTimeText(receivedAt),
    source,
    eventId,
    chain,
    toStateCell(state),
    String(attempt),
    code ?? '',
    temporalUrl ?? workflowId,
  ]);
  return toTable({ head: ['received', 'source', 'event id', 'chain', 'state', 'attempt', 'code', 'temporal'], rows }, paint);
}
