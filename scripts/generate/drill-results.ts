import { readRecords, type KeptRecord } from '../drill/measure/read-records.ts';

/** The lines between which the results stand in `docs/reliability.md`. */
export const DRILL_MARKS = { open: '<!-- generated: drills -->', close: '<!-- end of generated: drills -->' } as const;

/** The page with the kept runs of drills in it; as it is where it has no place for them. */
export async function withDrillResults(root: string, page: string): Promise<string> {
  const [head, rest] = page.split(DRILL_MARKS.open);
  const tail = rest?.split(DRILL_MARKS.close)[1];
  if (head === undefined || tail === undefined) return page;
  return `${head}${DRILL_MARKS.open}\n\n${toResultsTable(await readRecords(root))}\n${DRILL_MARKS.close}${tail}`;
}

/** Kept runs as a table, in their order. */
function toResultsTable(records: readonly KeptRecord[]): string {
  return [
    toLine([
      'run',
      'faults',
      'acknowledged',
      'posts',
      'effects seen',
      'again, same key',
      'unknown mails',
      'ack p99',
      'measured besides',
      'verdict',
    ]),
    toLine(Array.from({ length: 10 }, () => '---')),
    ...records.map(toRow),
    '',
  ].join('\n');
}

function toRow(record: KeptRecord): string {
  const { counts, ackMs, unknownMails, ok, violationCount } = record;
  return toLine([
    toRun(record),
    number(counts.faults),
    `${number(counts.acknowledged)} of ${number(counts.sent)}`,
    number(counts.tries),
    number(Object.values(counts.effects).reduce((sum, effects) => sum + effects, 0)),
    number(counts.repeats),
    number(unknownMails.length),
    `${number(ackMs.p99)} ms`,
    listMeasures(record).join('<br>') || '–',
    ok ? 'holds' : `${number(violationCount)} violations`,
  ]);
}

/** The command that repeats it, and where it ran. */
function toRun({ drill, seed, minutes, ratePerS, everyMs, events, date, commit, cores, loadAverage }: KeptRecord): string {
  const options = [
    `--seed ${seed}`,
    `--minutes ${minutes}`,
    ...(ratePerS === undefined ? [] : [`--rate ${ratePerS}`]),
    ...(everyMs === undefined ? [] : [`--every ${everyMs}`]),
    ...(events === undefined ? [] : [`--events ${events}`]),
  ];
  const place = `${date.slice(0, 10)}, ${commit ?? 'no commit'}, ${cores} cores, load ${loadAverage.before} to ${loadAverage.after}`;
  return `\`${drill} ${options.join(' ')}\`<br>${place}`;
}

function listMeasures({ kills, recovery, ackMsWithoutTemporal, stops, resets, drain, growth }: KeptRecord): readonly string[] {
  const growing = growth.toSorted((a, b) => b.mbPerMinute - a.mbPerMinute)[0];
  return [
    ...Object.entries(kills).map(([what, rounds]) => `${number(rounds)} kills of ${what}`),
    ...recovery.map(
      ({ kind, ms, ownMs }) =>
        `effects after ${kind}: p50 ${seconds(ms.p50)}, max ${seconds(ms.max)}, of it not by the drill ${seconds(ownMs.max)}`,
    ),
    ...(ackMsWithoutTemporal.count === 0
      ? []
      : [`ack with Temporal dead: p99 ${number(ackMsWithoutTemporal.p99)} ms of ${number(ackMsWithoutTemporal.count)}`]),
    ...Object.entries(stops).map(
      ([what, { count, max }]) => `SIGTERM of ${what}: ${number(count)} times, gone after at most ${seconds(max)}`,
    ),
    ...(Object.keys(stops).length === 0 ? [] : [`${number(resets)} resets`]),
    ...(drain === null
      ? []
      : [
          `${number(drain.waited)} waited: started within ${seconds(drain.startedInMs)}, done within ${seconds(drain.doneInMs)}; the longest pause ${seconds(drain.longestGapMs)}, none overtaken by more than ${number(drain.mostOvertaken)}; poisoned: ${drain.poisoned.join(', ')}`,
        ]),
    ...(growing === undefined ? [] : [`memory: at most ${growing.mbPerMinute} MB a minute (${growing.process})`]),
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function toLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
