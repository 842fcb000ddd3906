import type { Command } from 'commander';
import { replays } from '../../admin/api/replays.ts';
import type { ApiClient, RequestOf } from '../api/api-client.ts';
import { askYes } from '../ask-yes.ts';
import type { SpanOptions } from '../list-options.ts';
import { noteUnknownSource } from '../note-unknown-source.ts';
import { createProgressLine } from '../progress-line.ts';
import { EXIT, type ExitCode } from '../report.ts';
import { globalsOf } from '../settings.ts';
import { createPaint, toTable, type Paint } from '../table.ts';
import { tell } from '../tell.ts';

/** Which failed runs. */
export interface ReplayFailedWish extends SpanOptions {
  readonly source?: string;
  readonly chain?: string;
  readonly code?: string;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** What has become of many. */
export interface RepairedMany {
  /** Failed runs that the filters let through before anything was asked. */
  readonly matched: number;
  readonly groups: readonly { readonly chain: string; readonly code: string | null; readonly runs: number }[];
  /** How many were asked to start again. */
  readonly asked: number;
  readonly skipped: readonly { readonly eventUuid: string; readonly chain: string; readonly reason: string }[];
}

type Filter = NonNullable<RequestOf<typeof replays.many>['body']>['filter'];

/** Counts failed runs, asks, and starts them again page by page, oldest receipt first; 0 where all of them start. */
export async function replayFailed(api: ApiClient, wish: ReplayFailedWish, command: Command): Promise<ExitCode> {
  const { source, chain, code, since, until } = wish;
  const filter: Filter = { state: 'failed', source, chain, code, since, until };
  const { matched, groups } = await api.ask(replays.many, { body: { filter, dryRun: true } });
  const say = (done: Pick<RepairedMany, 'asked' | 'skipped'>, said: string): void => {
    const repaired = { matched, groups, ...done };
    tell(globalsOf(command), { document: repaired, text: () => toRepairScreen(repaired, said, createPaint(process.stdout)) });
  };
  if (matched === 0) await noteUnknownSource(api, source);
  if (wish.dryRun === true || matched === 0) {
    say({ asked: 0, skipped: [] }, wish.dryRun === true ? `${toRuns(matched)} would start again` : 'nothing to do: no run has failed so');
    return wish.dryRun === true ? EXIT.ok : EXIT.failed;
  }
  const what = `${toRuns(matched)} would start again; what is done stays done:\n${toGroupTable(groups, createPaint(process.stderr))}`;
  if (wish.yes !== true && !(await askYes({ what, instead: '`--failed` alone' }))) {
    say({ asked: 0, skipped: [] }, 'nothing to do: not confirmed');
    return EXIT.failed;
  }
  const done = await repairAll(api, { filter, matched });
  say(done, done.asked === 1 ? '1 run starts again' : `${done.asked} runs start again`);
  return done.asked > 0 && done.skipped.length === 0 ? EXIT.ok : EXIT.failed;
}

/** What was done, by chain and code, and what was passed over. */
export function toRepairScreen({ groups, skipped }: RepairedMany, said: string, paint: Paint): string {
  const rows = skipped.map(({ eventUuid, chain, reason }) => [eventUuid, chain, reason]);
  return [
    said,
    ...(groups.length === 0 ? [] : [toGroupTable(groups, paint)]),
    ...(rows.length === 0 ? [] : [`${toRuns(rows.length)} cannot:\n${toTable({ head: ['event', 'chain', 'why'], rows }, paint)}`]),
  ].join('\n');
}

async function repairAll(
  api: ApiClient,
  { filter, matched }: { readonly filter: Filter; readonly matched: number },
): Promise<Pick<RepairedMany, 'asked' | 'skipped'>> {
  const line = createProgressLine(process.stderr);
  const skipped: RepairedMany['skipped'][number][] = [];
  let asked = 0;
  let cursor: string | undefined;
  try {
    do {
      const page = await api.ask(replays.many, { body: { filter, cursor } });
      asked += page.asked;
      skipped.push(...page.skipped);
      cursor = page.next ?? undefined;
      if (cursor !== undefined) line.show(`${asked} of ${matched} asked to start again`);
    } while (cursor !== undefined);
  } catch (error) {
    line.clear();
    if (asked > 0) console.error(`${toRuns(asked)} had been asked to start again; the same command goes on with the rest`);
    throw error;
  }
  line.clear();
  return { asked, skipped };
}

function toGroupTable(groups: RepairedMany['groups'], paint: Paint): string {
  const rows = groups.map(({ chain, code, runs }) => [chain, code ?? '', String(runs)]);
  return toTable({ head: ['chain', 'code', 'runs'], rows }, paint);
}

function toRuns(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}
