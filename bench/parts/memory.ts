import { setTimeout as sleep } from 'node:timers/promises';
import type { Databases } from '../harness/databases.ts';
import type { Bench, Part, PartResult } from '../harness/part.ts';
import { postAll } from '../harness/post-all.ts';
import { readResidentMb } from '../harness/process-cpu.ts';
import { startHookline, type HooklineOptions } from '../harness/start-hookline.ts';
import { summarise, toSummaryText } from '../harness/statistics.ts';
import type { System } from '../harness/system.ts';
import { withDatabases, withSystem, PROBED } from '../harness/with-system.ts';
import { createRequests } from '../load/make-requests.ts';

/** After so many deliveries whose runs wait for a Temporal that is away. */
const DELIVERIES = [10_000, 40_000, 70_000, 100_000] as const;
const QUICK_DELIVERIES = [10_000, 20_000] as const;
const CONNECTIONS = 32;
const MOST_ROUNDS = 2;
/** Until what a start or a load has left behind is collected. */
const REST_MS = 5_000;

/** What Hookline's processes hold in memory, idle and after much work. */
export default {
  name: 'memory',
  means: 'resident memory: idle, with waiting events, after many deliveries',
  long: true,
  run: (bench) => withDatabases(bench, (databases) => measure(bench, databases)),
} satisfies Part;

async function measure(bench: Bench, databases: Databases): Promise<PartResult> {
  const rows = new Map<string, (number | undefined)[]>();
  const keep = (row: string, megabytes: number | undefined): void => void rows.set(row, [...(rows.get(row) ?? []), megabytes]);
  const rounds = Math.min(bench.pace.rounds, MOST_ROUNDS);
  for (let round = 1; round <= rounds; round += 1) {
    bench.onProgress(`memory: round ${round} of ${rounds}`);
    await measureIngress(bench, databases, keep);
    await measureIdle(bench, databases, keep);
  }
  return {
    tables: [
      {
        title: 'Memory',
        head: ['process', 'resident MB'],
        rows: [...rows].map(([row, values]) => [row, toSummaryText(summarise(values))]),
        notes: [
          `Resident set, ${REST_MS / 1_000} s after the last request. Deliveries come over ${CONNECTIONS} connections, as fast as they are taken, and their runs wait, since Temporal is away.`,
        ],
      },
    ],
    pictures: [],
    measures: [...rows].map(([row, values]) => ({ name: `memory.${row.replaceAll(/\W+/g, '-')}`, values })),
    guards: [],
    problems: [],
  };
}

type Keep = (row: string, megabytes: number | undefined) => void;

function measureIngress(bench: Bench, databases: Databases, keep: Keep): Promise<void> {
  const system = toSystem('ingress', 'away');
  return withSystem({ bench, system, databases }, async ({ url, world }) => {
    const resident = async (): Promise<number | undefined> => {
      await sleep(REST_MS, undefined, { signal: bench.signal });
      return readResidentMb(world.pids().own[0] ?? 0);
    };
    keep('ingress, idle', await resident());
    const makeRequest = createRequests({ url, secret: world.secret, bodyBytes: bench.bodyBytes });
    let posted = PROBED;
    for (const wanted of bench.pace.quick ? QUICK_DELIVERIES : DELIVERIES) {
      bench.onProgress(`memory: ${wanted.toLocaleString('en')} deliveries`);
      await postAll({ url, makeRequest, count: wanted - posted, connections: CONNECTIONS });
      posted = wanted;
      keep(`ingress, ${wanted.toLocaleString('en')} waiting`, await resident());
    }
  });
}

async function measureIdle(bench: Bench, databases: Databases, keep: Keep): Promise<void> {
  for (const processes of ['apart', 'up'] as const) {
    await withSystem({ bench, system: toSystem(processes, 'there'), databases }, async ({ world }) => {
      await sleep(REST_MS, undefined, { signal: bench.signal });
      const [first = 0, second = 0] = world.pids().own;
      if (processes === 'apart') keep('worker, idle', await readResidentMb(second));
      else keep('`up` without its servers, idle', await readResidentMb(first));
    });
  }
}

function toSystem(processes: NonNullable<HooklineOptions['processes']>, temporal: 'away' | 'there'): System {
  return {
    name: `hookline-${processes}`,
    means: 'memory',
    ack: 'on disk',
    versions: () => [],
    start: async (world) =>
      startHookline(world, {
        processes,
        temporalAddress: temporal === 'there' ? await world.temporal('tuned') : `127.0.0.1:${await world.freePort()}`,
      }),
  };
}
