import type { Databases } from '../harness/databases.ts';
import { measureLoad } from '../harness/measure-load.ts';
import { toOtherAnswers } from '../harness/other-answers.ts';
import type { Bench, Part, PartResult } from '../harness/part.ts';
import { shuffle, summarise, toSummaryText } from '../harness/statistics.ts';
import { withDatabases, withSystem } from '../harness/with-system.ts';
import hookline from '../systems/hookline.ts';

/** The smallest push has 1,900 bytes, the largest body that Hookline takes 1 MiB. */
const SIZES = [2_000, 16_000, 128_000, 1_000_000] as const;
const CONNECTIONS = 32;

const KEYS = ['perSecond', 'megabytesPerSecond', 'p99Ms', 'ownCpuMs', 'storesCpuMs', 'walBytes'] as const;

/** What acknowledging costs by the length of the body. */
interface Sized extends Readonly<Record<(typeof KEYS)[number], number | undefined>> {
  readonly problems: readonly string[];
}

/** How Hookline takes long bodies. */
export default {
  name: 'bodies',
  means: 'acknowledgements of bodies of 2 KB to 1 MB',
  long: true,
  run: (bench) => withDatabases(bench, (databases) => measure(bench, databases)),
} satisfies Part;

async function measure(bench: Bench, databases: Databases): Promise<PartResult> {
  const { pace, random, onProgress } = bench;
  const sized = new Map<number, Sized[]>(SIZES.map((size) => [size, []]));
  for (let round = 1; round <= pace.rounds; round += 1) {
    for (const size of shuffle(SIZES, random)) {
      onProgress(`bodies: round ${round} of ${pace.rounds}, ${size.toLocaleString('en')} bytes`);
      sized.get(size)?.push(await measureSize(bench, databases, size));
    }
  }
  const values = (size: number, key: (typeof KEYS)[number]) => (sized.get(size) ?? []).map((one) => one[key]);
  return {
    tables: [
      {
        title: 'By length of the body',
        head: ['bytes', 'acknowledged /s', 'MB /s', 'p99 ms', 'own CPU ms', 'its stores’ CPU ms', 'WAL bytes'],
        rows: SIZES.map((size) => [size.toLocaleString('en'), ...KEYS.map((key) => toSummaryText(summarise(values(size, key))))]),
        notes: [
          `${CONNECTIONS} connections, each with its next webhook as soon as the last one is answered. WAL is the log of PostgreSQL, per delivery; what fills the bodies is one character, which it compresses.`,
        ],
      },
    ],
    pictures: [],
    measures: SIZES.flatMap((size) => KEYS.map((key) => ({ name: `bodies.${size}.${key}`, values: values(size, key) }))),
    guards: [],
    problems: SIZES.flatMap((size) => (sized.get(size) ?? []).flatMap(({ problems }) => problems)),
  };
}

function measureSize(bench: Bench, databases: Databases, bodyBytes: number): Promise<Sized> {
  return withSystem({ bench: { ...bench, bodyBytes }, system: hookline, databases }, async ({ world, url }) => {
    const before = await databases.counts();
    const { warmUpMs, measureMs } = bench.pace;
    const shape = { kind: 'closed', connections: CONNECTIONS } as const;
    const plan = { url, secret: world.secret, bodyBytes, shape, warmUpMs, measureMs };
    const { result, perSecond, ownCpuMs, storesCpuMs } = await measureLoad({ plan, pids: world.pids(), signal: bench.signal });
    const { walBytes } = await databases.counts();
    return {
      perSecond,
      megabytesPerSecond: (perSecond * bodyBytes) / 1e6,
      p99Ms: result.latencyMs.p99,
      ownCpuMs,
      storesCpuMs,
      walBytes: (walBytes - before.walBytes) / result.ackedInAll,
      problems: toOtherAnswers(`bodies of ${bodyBytes} bytes`, result),
    };
  });
}
