import type { Bars } from '../harness/draw-bars.ts';
import { measureLoad, type MeasuredLoad } from '../harness/measure-load.ts';
import { toOtherAnswers } from '../harness/other-answers.ts';
import type { Bench, Guard, Measure, Part, PartResult } from '../harness/part.ts';
import { shuffle, summarise, toSummaryText, toText, type Summary } from '../harness/statistics.ts';
import type { System } from '../harness/system.ts';
import type { Table } from '../harness/table.ts';
import { countLost, PROBED, withDatabases, withSystem } from '../harness/with-system.ts';
import type { Databases } from '../harness/databases.ts';
import type { LoadPlan } from '../load/load-plan.ts';

/** Loads of one system in one round: so many connections, or arrivals at a fixed rate. */
const CONNECTIONS = [1, 32, 128] as const;
const MOST = 128;
const OPEN = 'open';
type Load = (typeof CONNECTIONS)[number] | typeof OPEN;
const LOADS: readonly Load[] = [...CONNECTIONS, OPEN];
const QUICK_LOADS: readonly Load[] = [1, MOST, OPEN];

/** What was measured, by system and load, one entry a round. */
type Runs = ReadonlyMap<string, ReadonlyMap<Load, MeasuredLoad[]>>;

const OURS = 'hookline';
/** Without Hookline among the systems. */
const DEFAULT_RATE = 500;
/** A tenth of what it takes, to the next fifty. */
const RATE_STEP = 50;

/** Verify, store, answer: how many a second, how soon, and at what cost. */
export default {
  name: 'ack',
  means: 'webhooks acknowledged: verified, stored, answered',
  run: (bench) => withDatabases(bench, (databases) => measure(bench, databases)),
} satisfies Part;

async function measure(bench: Bench, databases: Databases): Promise<PartResult> {
  const { systems, pace, random, onProgress } = bench;
  const ratePerS = bench.ratePerS ?? (await findRate(bench, databases));
  const runs: Runs = new Map(systems.map(({ name }) => [name, new Map(LOADS.map((load) => [load, [] as MeasuredLoad[]]))]));
  const problems: string[] = [];
  for (let round = 1; round <= pace.rounds; round += 1) {
    for (const system of shuffle(systems, random)) {
      onProgress(`ack: round ${round} of ${pace.rounds}, ${system.name}`);
      try {
        problems.push(
          ...(await measureSystem({ bench, system, databases, ratePerS, of: (load) => runs.get(system.name)?.get(load) ?? [] })),
        );
      } catch (error) {
        bench.signal.throwIfAborted();
        problems.push(`${system.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return {
    tables: [toSpeedTable(systems, runs, ratePerS), toCostTable(systems, runs)],
    pictures: [toPicture(systems, runs)],
    measures: toMeasures(systems, runs),
    guards: toGuards(systems, runs),
    problems,
  };
}

/** Every load against a fresh start of a system; resolves to what was wrong. */
async function measureSystem({
  bench,
  system,
  databases,
  ratePerS,
  of,
}: {
  readonly bench: Bench;
  readonly system: System;
  readonly databases: Databases;
  readonly ratePerS: number;
  readonly of: (load: Load) => MeasuredLoad[];
}): Promise<readonly string[]> {
  return withSystem({ bench, system, databases }, async (running) => {
    const problems: string[] = [];
    let acked = PROBED;
    for (const load of bench.pace.quick ? QUICK_LOADS : LOADS) {
      const measured = await measureLoad({
        plan: toPlan(bench, running, load, ratePerS),
        pids: running.world.pids(),
        signal: bench.signal,
      });
      of(load).push(measured);
      acked += measured.result.ackedInAll;
      const { unanswered } = measured.result;
      if (unanswered > 0 && load !== OPEN) problems.push(`${system.name}, ${toName(load)}: ${unanswered} requests without an answer`);
      problems.push(...toOtherAnswers(`${system.name}, ${toName(load)}`, measured.result));
    }
    const lost = await countLost(running, acked);
    if (lost > 0) problems.push(`${system.name}: ${lost} of ${acked} acknowledged deliveries are not stored`);
    return problems;
  });
}

function toPlan(
  { bodyBytes, pace }: Bench,
  { url, world }: { readonly url: string; readonly world: { readonly secret: string } },
  load: Load,
  ratePerS: number,
): LoadPlan {
  const shape: LoadPlan['shape'] =
    load === OPEN ? { kind: OPEN, perSecond: ratePerS, connections: MOST } : { kind: 'closed', connections: load };
  return { url, secret: world.secret, bodyBytes, shape, warmUpMs: pace.warmUpMs, measureMs: pace.measureMs };
}

async function findRate(bench: Bench, databases: Databases): Promise<number> {
  const system = bench.systems.find(({ name }) => name === OURS);
  if (system === undefined) return DEFAULT_RATE;
  bench.onProgress('ack: finding a tenth of what Hookline takes');
  return withSystem({ bench, system, databases }, async (running) => {
    const plan = toPlan(bench, running, MOST, 0);
    const { perSecond } = await measureLoad({ plan, pids: running.world.pids(), signal: bench.signal });
    return Math.max(RATE_STEP, Math.round(perSecond / 10 / RATE_STEP) * RATE_STEP);
  });
}

function toSpeedTable(systems: readonly System[], runs: Runs, ratePerS: number): Table {
  const ours = rate(runs, OURS, MOST);
  return {
    title: 'Acknowledged webhooks',
    head: [
      'system',
      'its 2xx means',
      ...CONNECTIONS.map((count) => `${count} conn., /s`),
      'of hookline',
      `p50 ms at ${ratePerS}/s`,
      'p99 ms',
      'load gen.',
    ],
    rows: systems.map(({ name, ack }) => [
      name,
      ack,
      ...CONNECTIONS.map((count) => toSummaryText(rate(runs, name, count))),
      ours === undefined ? '–' : `${toText((rate(runs, name, MOST)?.median ?? NaN) / ours.median)} ×`,
      toLatencyText(runs, name, 'p50'),
      toLatencyText(runs, name, 'p99'),
      toText((summarise(all(runs, name, MOST).map(({ result }) => result.cpuShare))?.median ?? NaN) * 100) + ' %',
    ]),
    notes: [
      'Medians of the rounds, least and most in brackets. Latency is taken from the intended start of a request, at arrivals of a fixed rate.',
      '“load gen.” is the share of one processor that the load generator took at 128 connections.',
      ...systems.map(({ name, means }) => `${name}: ${means}.`),
    ],
  };
}

/** A system that has not answered everything cannot keep up, and has no latency. */
function toLatencyText(runs: Runs, name: string, quantile: 'p50' | 'p99'): string {
  const open = all(runs, name, OPEN);
  if (open.some(({ result }) => result.unanswered > 0)) return 'cannot keep up';
  return toSummaryText(summarise(open.map(({ result }) => result.latencyMs[quantile])));
}

function toCostTable(systems: readonly System[], runs: Runs): Table {
  const cpu = (name: string, load: Load, key: 'ownCpuMs' | 'storesCpuMs'): string =>
    toSummaryText(summarise(all(runs, name, load).map((run) => run[key])));
  return {
    title: 'Time on the processor per acknowledged webhook, ms',
    head: ['system', 'own, 128 conn.', 'its stores, 128 conn.', 'own, fixed rate', 'its stores, fixed rate'],
    rows: systems.map(({ name }) => [
      name,
      cpu(name, MOST, 'ownCpuMs'),
      cpu(name, MOST, 'storesCpuMs'),
      cpu(name, OPEN, 'ownCpuMs'),
      cpu(name, OPEN, 'storesCpuMs'),
    ]),
    notes: ['“own” are the processes that take the webhook; its stores are PostgreSQL, Redis, Temporal or Restate.'],
  };
}

function toPicture(systems: readonly System[], runs: Runs): Bars {
  const ours = rate(runs, OURS, MOST)?.median;
  const bars = systems
    .map(({ name }) => ({ name, value: rate(runs, name, MOST)?.median ?? 0 }))
    .toSorted((a, b) => b.value - a.value)
    .map(({ name, value }) => ({
      label: name,
      value,
      text: `${toText(value)}/s${ours === undefined || name === OURS ? '' : ` · ${toText(value / ours)} ×`}`,
      ours: name.startsWith(OURS),
    }));
  return {
    name: 'ack',
    title: 'Webhooks acknowledged per second, 128 connections',
    subtitle: 'verified, stored, answered; × of hookline',
    bars,
  };
}

function toMeasures(systems: readonly System[], runs: Runs): readonly Measure[] {
  return systems.flatMap(({ name }) =>
    LOADS.flatMap((load) => {
      const list = all(runs, name, load);
      const measure = (what: string, of: (run: MeasuredLoad) => number | undefined): Measure => ({
        name: `ack.${name}.${toName(load)}.${what}`,
        values: list.map(of),
      });
      return [
        measure('perSecond', (run) => run.perSecond),
        measure('p50Ms', ({ result }) => result.latencyMs.p50),
        measure('p99Ms', ({ result }) => result.latencyMs.p99),
        measure('ownCpuMs', (run) => run.ownCpuMs),
        measure('storesCpuMs', (run) => run.storesCpuMs),
        measure('generatorShare', ({ result }) => result.cpuShare),
        measure('generatorLagP99Ms', ({ result }) => result.lagMs.p99),
        measure('unanswered', ({ result }) => result.unanswered),
      ];
    }),
  );
}

/** Ratios hold on another machine; so does time on the processor, within bounds. */
function toGuards(systems: readonly System[], runs: Runs): readonly Guard[] {
  const ours = all(runs, OURS, MOST);
  if (ours.length === 0) return [];
  const ratios = systems
    .filter(({ name }) => !name.startsWith(OURS))
    .map(({ name }): Guard => ({
      name: `ack.hookline/${name}.128`,
      values: ours.map((run, round) => run.perSecond / (all(runs, name, MOST)[round]?.perSecond ?? NaN)),
      better: 'higher',
    }));
  return [...ratios, { name: 'ack.hookline.128.ownCpuMs', values: ours.map((run) => run.ownCpuMs), better: 'lower' }];
}

function rate(runs: Runs, name: string, load: Load): Summary | undefined {
  return summarise(all(runs, name, load).map(({ perSecond }) => perSecond));
}

function all(runs: Runs, name: string, load: Load): readonly MeasuredLoad[] {
  return runs.get(name)?.get(load) ?? [];
}

function toName(load: Load): string {
  return load === OPEN ? 'fixedRate' : String(load);
}
