import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Guard } from './part.ts';
import { summarise, toText, type Summary } from './statistics.ts';

/** What is kept of one figure. */
interface Kept extends Summary {
  readonly better: Guard['better'];
}

const FILE = join(import.meta.dirname, '../baseline.json');

/** Writes figures down as those to keep; what was not measured this time stays as it was. */
export async function recordBaseline(guards: readonly Guard[]): Promise<void> {
  const kept = { ...(await readBaseline()) };
  for (const { name, values, better } of guards) {
    const summary = summarise(values);
    if (summary !== undefined) kept[name] = { better, ...mapValues(summary) };
  }
  const sorted = Object.fromEntries(Object.entries(kept).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(FILE, `${JSON.stringify(sorted, undefined, 2)}\n`);
}

/** What has become worse: a sentence for each figure whose median is off the recorded one by more than that one's own spread. */
export async function checkBaseline(guards: readonly Guard[]): Promise<{ readonly worse: readonly string[]; readonly checked: number }> {
  const kept = await readBaseline();
  const worse: string[] = [];
  let checked = 0;
  for (const { name, values } of guards) {
    const [was, is] = [kept[name], summarise(values)];
    if (was === undefined || is === undefined) continue;
    checked += 1;
    const sentence = judge(name, was, is);
    if (sentence !== undefined) worse.push(sentence);
  }
  return { worse, checked };
}

/** Rounds that agree by chance promise nothing: two hundredths are always allowed. */
const LEAST_SPREAD = 0.02;

/** Undefined where nothing is worse. */
function judge(name: string, was: Kept, { median }: Summary): string | undefined {
  const spread = Math.max(was.max - was.min, was.median * LEAST_SPREAD);
  const isWorse = was.better === 'higher' ? median < was.median - spread : median > was.median + spread;
  return isWorse ? `${name}: ${toText(median)}, was ${toText(was.median)} with a spread of ${toText(spread)}` : undefined;
}

async function readBaseline(): Promise<Readonly<Record<string, Kept>>> {
  const text = await readFile(FILE, 'utf8').catch(() => '{}');
  return JSON.parse(text) as Readonly<Record<string, Kept>>; // our own file
}

function mapValues({ median, min, max }: Summary): Summary {
  const round = (value: number): number => Number(value.toPrecision(4));
  return { median: round(median), min: round(min), max: round(max) };
}
