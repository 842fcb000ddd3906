import { fillEvents } from '../harness/fill-events.ts';
import { measureLoad, type MeasuredLoad } from '../harness/measure-load.ts';
import { toOtherAnswers } from '../harness/other-answers.ts';
import type { Bench, Part, PartResult } from '../harness/part.ts';
import { shuffle, summarise, toSummaryText, toText, type Summary } from '../harness/statistics.ts';
import { PROBED, withDatabases, withSystem } from '../harness/with-system.ts';
import type { Databases } from '../harness/databases.ts';
import hookline from '../systems/hookline.ts';

const SIZES = [1_000, 10_000, 100_000, 1_000_000] as const;
const QUICK_SIZES = SIZES.slice(0, 3);
const [LEAST] = SIZES;
const CONNECTIONS = 128;
/** Each round fills a database of each size anew. */
const MOST_ROUNDS = 3;

/** What acknowledging costs when so many events are stored already. */
interface Grown extends MeasuredLoad {
  readonly storedBytes: number;
}

/** Whether Hookline becomes slower with what it has stored. */
export default {
  name: 'growth',
  means: 'acknowledgements on top of a thousand to a million stored events',
  long: true,
  run: (bench) => withDatabases(bench, (databases) => measure(bench, databases)),
} satisfies Part;

async function measure(bench: Bench, databases: Databases): Promise<PartResult> {
  const { pace, random, onProgress } = bench;
  const sizes = pace.quick ? QUICK_SIZES : SIZES;
  const grown = new Map<number, Grown[]>(sizes.map((size) => [size, []]));
  const rounds = Math.min(pace.rounds, MOST_ROUNDS);
  for (let round = 1; round <= rounds; round += 1) {
    for (const size of shuffle(sizes, random)) {
      onProgress(`growth: round ${round} of ${rounds}, ${size.toLocaleString('en')} events`);
      grown.get(size)?.push(await measureSize(bench, databases, size));
    }
  }
  const rate = (size: number): Summary | undefined => summarise((grown.get(size) ?? []).map(({ perSecond }) => perSecond));
  const of = (size: number, key: 'ownCpuMs' | 'storesCpuMs' | 'storedBytes') => (grown.get(size) ?? []).map((one) => one[key]);
  const most = sizes.at(-1) ?? LEAST;
  const ratios = (grown.get(most) ?? []).map(({ perSecond }, round) => perSecond / (grown.get(LEAST)?.[round]?.perSecond ?? NaN));
  return {
    tables: [
      {
        title: 'With what is stored already',
        head: [
          'events stored',
          'acknowledged /s',
          `of ${LEAST.toLocaleString('en')}`,
          'own CPU ms',
          'its stores’ CPU ms',
          'bytes an event',
        ],
        rows: sizes.map((size) => [
          size.toLocaleString('en'),
          toSummaryText(rate(size)),
          `${toText((rate(size)?.median ?? NaN) / (rate(LEAST)?.median ?? NaN))} ×`,
          ...(['ownCpuMs', 'storesCpuMs', 'storedBytes'] as const).map((key) => toSummaryText(summarise(of(size, key)))),
        ]),
        notes: [`${CONNECTIONS} connections, on an ingress whose database held so many finished events when the load began.`],
      },
    ],
    pictures: [],
    measures: sizes.flatMap((size) => [
      { name: `growth.${size}.perSecond`, values: (grown.get(size) ?? []).map(({ perSecond }) => perSecond) },
      ...(['ownCpuMs', 'storesCpuMs', 'storedBytes'] as const).map((key) => ({ name: `growth.${size}.${key}`, values: of(size, key) })),
    ]),
    guards: [{ name: `growth.${most}/${LEAST}`, values: ratios, better: 'higher' }],
    problems: sizes.flatMap((size) => (grown.get(size) ?? []).flatMap(({ result }) => toOtherAnswers(`growth, ${size} events`, result))),
  };
}

function measureSize(bench: Bench, databases: Databases, size: number): Promise<Grown> {
  return withSystem({ bench, system: hookline, databases }, async ({ world, url, database }) => {
    const empty = await database.size();
    await fillEvents(database, size - PROBED);
    const storedBytes = ((await database.size()) - empty) / size;
    const { warmUpMs, measureMs } = bench.pace;
    const shape = { kind: 'closed', connections: CONNECTIONS } as const;
    const plan = { url, secret: world.secret, bodyBytes: bench.bodyBytes, shape, warmUpMs, measureMs };
    return { ...(await measureLoad({ plan, pids: world.pids(), signal: bench.signal })), storedBytes };
  });
}
