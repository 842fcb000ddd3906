import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseCounts, Databases } from '../harness/databases.ts';
import { measureLoad } from '../harness/measure-load.ts';
import type { Bench, Guard, Measure, Part, PartResult } from '../harness/part.ts';
import { readResidentMb } from '../harness/process-cpu.ts';
import { summarise, toSummaryText } from '../harness/statistics.ts';
import type { Table } from '../harness/table.ts';
import { withDatabases, withSystem } from '../harness/with-system.ts';
import type { LoadPlan } from '../load/load-plan.ts';

const CONNECTIONS = [1, 128] as const;
const OURS = 'hookline';
/** PostgreSQL's processes tell what they have done once a second at most, and with a transaction. */
const STATISTICS_MS = 1_200;
/** Enough requests at once that each connection of a pool has something to do. */
const NUDGE = { kind: 'closed', connections: 16 } as const;
const NUDGE_MS = 10;
/** A window long enough that the nudges hardly count. */
const LEAST_MS = 3_000;
/** Counts hardly differ from round to round. */
const MOST_ROUNDS = 2;

const KEYS = ['statements', 'fsyncs', 'walBytes', 'storedBytes', 'residentMb'] as const;

/** What one acknowledged delivery costs the embedded PostgreSQL, and what the process holds in memory. */
interface Cost {
  readonly statements: number | undefined;
  readonly fsyncs: number;
  readonly walBytes: number;
  readonly storedBytes: number;
  readonly residentMb: number | undefined;
}

type Costs = ReadonlyMap<string, ReadonlyMap<number, Cost[]>>;

/** Statements, fsyncs and bytes per delivery, of every system that keeps its deliveries in the embedded PostgreSQL. */
export default {
  name: 'cost',
  means: 'what one delivery costs PostgreSQL, and what stays in memory',
  run: (bench) => withDatabases(bench, (databases) => measure(bench, databases), { countStatements: true }),
} satisfies Part;

async function measure(bench: Bench, databases: Databases): Promise<PartResult> {
  const costs = new Map<string, Map<number, Cost[]>>();
  const idle = new Map<string, (number | undefined)[]>();
  const rounds = Math.min(bench.pace.rounds, MOST_ROUNDS);
  for (let round = 1; round <= rounds; round += 1) {
    for (const system of bench.systems.filter(({ name, stores }) => stores === 'postgres' && (name === OURS || !bench.pace.quick))) {
      bench.onProgress(`cost: round ${round} of ${rounds}, ${system.name}`);
      const found = costs.get(system.name) ?? new Map(CONNECTIONS.map((count) => [count as number, []]));
      costs.set(system.name, found);
      await withSystem({ bench, system, databases }, async ({ world, url, size }) => {
        const pids = world.pids();
        const resident = async (): Promise<number | undefined> => readResidentMb(pids.own[0] ?? 0);
        idle.set(system.name, [...(idle.get(system.name) ?? []), await resident()]);
        const post = async (shape: LoadPlan['shape'], measureMs: number): Promise<number> => {
          const plan: LoadPlan = { url, secret: world.secret, bodyBytes: bench.bodyBytes, shape, warmUpMs: 0, measureMs };
          return (await measureLoad({ plan, pids, signal: bench.signal })).result.ackedInAll;
        };
        const settle = async (): Promise<Settled> => {
          await sleep(STATISTICS_MS);
          const nudged = await post(NUDGE, NUDGE_MS);
          return { ...(await databases.counts()), bytes: (await size?.()) ?? NaN, nudged };
        };
        let before = await settle();
        for (const connections of CONNECTIONS) {
          const acked = await post({ kind: 'closed', connections }, Math.max(LEAST_MS, bench.pace.measureMs));
          const after = await settle();
          found.get(connections)?.push({ ...perDelivery(before, after, acked + after.nudged), residentMb: await resident() });
          before = after;
        }
      });
    }
  }
  return { tables: [toTable(costs, idle)], pictures: [], measures: toMeasures(costs), guards: toGuards(costs), problems: [] };
}

interface Settled extends DatabaseCounts {
  readonly bytes: number;
  /** Deliveries that made it settle. */
  readonly nudged: number;
}

function perDelivery(before: Settled, after: Settled, acked: number): Omit<Cost, 'residentMb'> {
  const per = (key: 'fsyncs' | 'walBytes' | 'bytes'): number => (after[key] - before[key]) / acked;
  return {
    statements: after.statements === undefined ? undefined : (after.statements - (before.statements ?? 0)) / acked,
    fsyncs: per('fsyncs'),
    walBytes: per('walBytes'),
    storedBytes: per('bytes'),
  };
}

function toTable(costs: Costs, idle: ReadonlyMap<string, readonly (number | undefined)[]>): Table {
  return {
    title: 'What an acknowledged webhook costs',
    head: ['system', 'connections', 'statements', 'fsyncs', 'WAL bytes', 'stored bytes', 'memory after, MB', 'memory idle, MB'],
    rows: [...costs].flatMap(([name, loads]) =>
      [...loads].map(([connections, list]) => {
        const text = (key: keyof Cost): string => toSummaryText(summarise(list.map((cost) => cost[key])));
        return [name, String(connections), ...KEYS.map(text), toSummaryText(summarise(idle.get(name) ?? []))];
      }),
    ),
    notes: [
      'Per delivery, of the embedded PostgreSQL, the system’s own background work included. Memory is the resident set of the process that takes webhooks.',
    ],
  };
}

function toMeasures(costs: Costs): readonly Measure[] {
  return [...costs].flatMap(([name, loads]) =>
    [...loads].flatMap(([connections, list]) =>
      KEYS.map((key) => ({
        name: `cost.${name}.${connections}.${key}`,
        values: list.map((cost) => cost[key]),
      })),
    ),
  );
}

/** Counts of work do not depend on the machine's speed, save that a fast one gathers fewer deliveries in a commit. */
function toGuards(costs: Costs): readonly Guard[] {
  const one = costs.get(OURS)?.get(1) ?? [];
  return (['statements', 'fsyncs', 'walBytes', 'storedBytes'] as const)
    .map((key): Guard => ({ name: `cost.hookline.1.${key}`, values: one.map((cost) => cost[key]), better: 'lower' }))
    .filter(({ values }) => values.length > 0);
}
