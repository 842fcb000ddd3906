import type { ChainShape, ChainSystem } from '../harness/chain-system.ts';
import type { Databases } from '../harness/databases.ts';
import type { Bars } from '../harness/draw-bars.ts';
import { measureChains, type MeasuredChains } from '../harness/measure-chains.ts';
import type { Bench, Guard, Measure, Part, PartResult } from '../harness/part.ts';
import { shuffle, summarise, toSummaryText, toText, type Summary } from '../harness/statistics.ts';
import type { Table } from '../harness/table.ts';
import { withDatabases, withSystem } from '../harness/with-system.ts';
import type { World } from '../harness/world.ts';

const SHAPES: readonly ChainShape[] = ['inside', 'mixed'];
const MEANS = {
  inside: 'three actions in the system’s own database',
  mixed: 'one action in the system’s own database, two at a vendor',
} as const satisfies Record<ChainShape, string>;
const OURS = 'hookline';
const COUNTS = { warmUp: 60, chains: 300, idle: 20 } as const;
const QUICK_COUNTS = { warmUp: 30, chains: 90, idle: 5 } as const;

/** What was measured, by shape and system, one entry a round. */
type Runs = Readonly<Record<ChainShape, ReadonlyMap<string, readonly MeasuredChains[]>>>;

/** Webhook in, three actions done: how many a second, how soon, at what cost. */
export default {
  name: 'chains',
  means: 'chains of three actions',
  long: true,
  run: (bench) => withDatabases(bench, (databases) => measure(bench, databases)),
} satisfies Part;

async function measure(bench: Bench, databases: Databases): Promise<PartResult> {
  const { chainSystems, pace, random, onProgress } = bench;
  const runs = { inside: new Map<string, MeasuredChains[]>(), mixed: new Map<string, MeasuredChains[]>() };
  const problems: string[] = [];
  for (let round = 1; round <= pace.rounds; round += 1) {
    for (const shape of SHAPES) {
      for (const system of shuffle(
        chainSystems.filter(({ empty = false }) => !empty || shape === 'inside'),
        random,
      )) {
        onProgress(`chains: round ${round} of ${pace.rounds}, ${shape}, ${system.name}`);
        try {
          const measured = await measureSystem({ bench, system, databases, shape });
          runs[shape].set(system.name, [...(runs[shape].get(system.name) ?? []), measured]);
        } catch (error) {
          bench.signal.throwIfAborted();
          problems.push(`chains, ${shape}, ${system.name}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
    }
  }
  return {
    tables: SHAPES.map((shape) => toTable(chainSystems, runs, shape)),
    pictures: SHAPES.map((shape) => toPicture(chainSystems, runs, shape)),
    measures: SHAPES.flatMap((shape) => toMeasures(chainSystems, runs, shape)),
    guards: SHAPES.flatMap((shape) => toGuards(chainSystems, runs, shape)),
    problems,
  };
}

function measureSystem({
  bench,
  system,
  databases,
  shape,
}: {
  readonly bench: Bench;
  readonly system: ChainSystem;
  readonly databases: Databases;
  readonly shape: ChainShape;
}): Promise<MeasuredChains> {
  const start = async (world: World) => system.start(world, { shape, vendorUrl: await world.program('vendor', {}, 'vendors') });
  const started = { ...system, name: `${system.name}-${shape}`, ack: 'on disk', start } as const;
  return withSystem({ bench, system: started, databases }, (running) =>
    measureChains(bench, running, bench.pace.quick ? QUICK_COUNTS : COUNTS),
  );
}

function toTable(systems: readonly ChainSystem[], runs: Runs, shape: ChainShape): Table {
  const ours = rate(runs, shape, OURS);
  const measured = systems.filter(({ name }) => runs[shape].has(name));
  return {
    title: `Chains: ${MEANS[shape]}`,
    head: ['system', 'chains /s', 'of hookline', 'idle, p50 ms', 'own CPU ms', 'its stores’ CPU ms', 'history events', 'billable actions'],
    rows: measured.map(({ name }) => {
      const text = (of: (run: MeasuredChains) => number | undefined): string => toSummaryText(summarise(all(runs, shape, name).map(of)));
      return [
        name,
        toSummaryText(rate(runs, shape, name)),
        ours === undefined ? '–' : `${toText((rate(runs, shape, name)?.median ?? NaN) / ours.median)} ×`,
        text(({ idleMs }) => idleMs),
        text(({ ownCpuMs }) => ownCpuMs),
        text(({ storesCpuMs }) => storesCpuMs),
        text(({ history }) => history?.events),
        text(({ history }) => history?.actions),
      ];
    }),
    notes: [
      'Chains a second, from the first webhook to the last action of the last chain; “idle” is from one webhook to its third action, with nothing else to do.',
      ...measured.map(({ name, means }) => `${name}: ${means}.`),
    ],
  };
}

function toPicture(systems: readonly ChainSystem[], runs: Runs, shape: ChainShape): Bars {
  const ours = rate(runs, shape, OURS)?.median;
  const bars = systems
    .filter(({ name }) => runs[shape].has(name))
    .map(({ name }) => ({ name, value: rate(runs, shape, name)?.median ?? 0 }))
    .toSorted((a, b) => b.value - a.value)
    .map(({ name, value }) => ({
      label: name,
      value,
      text: `${toText(value)}/s${ours === undefined || name === OURS ? '' : ` · ${toText(value / ours)} ×`}`,
      ours: name === OURS,
    }));
  return { name: `chains-${shape}`, title: 'Chains finished per second', subtitle: `${MEANS[shape]}; × of hookline`, bars };
}

function toMeasures(systems: readonly ChainSystem[], runs: Runs, shape: ChainShape): readonly Measure[] {
  return systems.flatMap(({ name }) => {
    const measure = (what: string, of: (run: MeasuredChains) => number | undefined): Measure => ({
      name: `chains.${shape}.${name}.${what}`,
      values: all(runs, shape, name).map(of),
    });
    return [
      measure('perSecond', (run) => run.perSecond),
      measure('idleMs', (run) => run.idleMs),
      measure('ownCpuMs', (run) => run.ownCpuMs),
      measure('storesCpuMs', (run) => run.storesCpuMs),
      measure('historyEvents', (run) => run.history?.events),
      measure('billableActions', (run) => run.history?.actions),
    ];
  });
}

function toGuards(systems: readonly ChainSystem[], runs: Runs, shape: ChainShape): readonly Guard[] {
  const ours = all(runs, shape, OURS);
  if (ours.length === 0) return [];
  const ratios = systems
    .filter(({ name }) => name !== OURS && runs[shape].has(name))
    .map(({ name }): Guard => ({
      name: `chains.${shape}.hookline/${name}`,
      values: ours.map((run, round) => run.perSecond / (all(runs, shape, name)[round]?.perSecond ?? NaN)),
      better: 'higher',
    }));
  const cost: Guard = { name: `chains.${shape}.hookline.ownCpuMs`, values: ours.map((run) => run.ownCpuMs), better: 'lower' };
  return [...ratios, cost];
}

function rate(runs: Runs, shape: ChainShape, name: string): Summary | undefined {
  return summarise(all(runs, shape, name).map(({ perSecond }) => perSecond));
}

function all(runs: Runs, shape: ChainShape, name: string): readonly MeasuredChains[] {
  return runs[shape].get(name) ?? [];
}
