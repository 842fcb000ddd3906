import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../src/cli/drill/create-random.ts';
import { createProgressLine } from '../src/cli/progress-line.ts';
import { listenForStop } from '../src/cli/stop-signals.ts';
import { createLog } from '../src/runtime/log.ts';
import { CHAIN_SYSTEMS } from './chains.ts';
import { checkBaseline, recordBaseline } from './harness/baseline.ts';
import { drawBars } from './harness/draw-bars.ts';
import { findTools } from './harness/find-tools.ts';
import { installPeers } from './harness/install-peers.ts';
import { describeMachine } from './harness/machine.ts';
import { HELP, readOptions } from './harness/options.ts';
import type { Bench, PartResult } from './harness/part.ts';
import { summarise } from './harness/statistics.ts';
import { toTableText } from './harness/table.ts';
import { PARTS } from './parts.ts';
import { SYSTEMS } from './systems.ts';

// Measures Hookline beside what somebody would take instead, on one machine in one run: README.md tells more.

const options = readOptions(process.argv.slice(2));
const parts = PARTS.filter(({ name, long = false }) =>
  options?.only === undefined ? !(long && options?.pace.quick === true) : options.only === name,
);
const isWanted = ({ name }: { readonly name: string }): boolean => options?.systems === undefined || options.systems.includes(name);
const [wanted, wantedChains] = [SYSTEMS.filter(isWanted), CHAIN_SYSTEMS.filter(isWanted)];
const known = new Set([...SYSTEMS, ...CHAIN_SYSTEMS].map(({ name }) => name));
if (options === undefined || parts.length === 0 || options.systems?.every((name) => known.has(name)) === false) {
  console.error(HELP.replace('PARTS', PARTS.map(({ name }) => name).join(', ')).replace('SYSTEMS', [...known].join(',')));
  process.exit(2);
}

const { signal } = listenForStop();
const line = createProgressLine(process.stderr);
const folder = await mkdtemp(join(tmpdir(), 'hookline-bench-'));
await chmod(folder, 0o711); // PostgreSQL refuses root: whoever stands in must get through
const log = createLog({ level: 'warn', destination: { file: join(folder, 'bench.log') }, name: 'bench' });
let ok = false;
try {
  await installPeers(line.show);
  const { tools, missing } = await findTools({
    needs: new Set([...wanted, ...wantedChains].flatMap(({ needs = [] }) => needs)),
    onProgress: line.show,
    signal,
  });
  const notRun = [...wanted, ...wantedChains].flatMap(({ name, needs = [] }) => {
    const reason = needs.map((need) => missing[need]).find((text) => text !== undefined);
    return reason === undefined ? [] : [{ name, reason }];
  });
  const canRun = ({ name }: { readonly name: string }): boolean => !notRun.some((one) => one.name === name);
  const [systems, chainSystems] = [wanted.filter(canRun), wantedChains.filter(canRun)];
  const random = createRandom(options.seed);
  const bench: Bench = { ...options, systems, chainSystems, tools, folder, random, log, onProgress: line.show, signal };
  const results: PartResult[] = [];
  for (const part of parts) results.push(await part.run(bench));
  line.clear();

  const facts = {
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    seed: options.seed,
    ...options.pace,
    bodyBytes: options.bodyBytes,
    versions: Object.fromEntries([
      ...systems.map((system) => [system.name, system.versions(tools)]),
      ...chainSystems.map((system) => [`chain of ${system.name}`, system.versions(tools)]),
    ]) as Readonly<Record<string, readonly string[]>>,
    notRun,
  };
  const guards = results.flatMap((result) => result.guards);
  const problems = results.flatMap((result) => result.problems);
  const { worse, checked } = options.check ? await checkBaseline(guards) : { worse: [], checked: 0 };
  if (options.json) console.log(JSON.stringify({ ...facts, measures: toDocument(results), problems, worse }));
  else printReport(facts, results);
  for (const problem of problems) console.error(`problem: ${problem}`);
  for (const sentence of worse) console.error(`worse: ${sentence}`);
  if (options.check) console.error(`${checked} figures checked, ${worse.length} worse`);
  if (options.record && problems.length === 0) {
    await recordBaseline(guards);
    await drawPictures(results, `${facts.date}, ${facts.machine}`);
  }
  ok = problems.length === 0 && worse.length === 0 && (!options.check || checked > 0);
} catch (error) {
  line.clear();
  if (!signal.aborted) console.error(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
} finally {
  await log.close();
  line.clear();
  if (ok || signal.aborted) await rm(folder, { recursive: true, force: true });
  else console.error(`logs are in ${folder}`);
  process.exitCode = signal.aborted ? 130 : ok ? 0 : 1;
}

function printReport(
  {
    date,
    machine,
    versions,
    notRun,
    rounds,
    measureMs,
    bodyBytes,
    seed,
  }: {
    readonly date: string;
    readonly machine: string;
    readonly versions: Readonly<Record<string, readonly string[]>>;
    readonly notRun: readonly { readonly name: string; readonly reason: string }[];
    readonly rounds: number;
    readonly measureMs: number;
    readonly bodyBytes: number;
    readonly seed: number;
  },
  results: readonly PartResult[],
): void {
  console.log(`${date}; ${machine}\n${rounds} rounds of ${measureMs / 1_000} s, bodies of ${bodyBytes} bytes, seed ${seed}\n`);
  for (const table of results.flatMap(({ tables }) => tables)) console.log(toTableText(table));
  for (const { name, reason } of notRun) console.log(`not run: ${name}: ${reason}`);
  console.log(`versions: ${[...new Set(Object.values(versions).flat())].join(', ')}`);
}

function toDocument(results: readonly PartResult[]): Readonly<Record<string, object>> {
  return Object.fromEntries(
    results.flatMap(({ measures }) => measures.map(({ name, values }) => [name, { ...summarise(values), values }])),
  );
}

async function drawPictures(results: readonly PartResult[], where: string): Promise<void> {
  const report = join(import.meta.dirname, 'report');
  await mkdir(report, { recursive: true });
  for (const picture of results.flatMap(({ pictures }) => pictures)) {
    await writeFile(join(report, `${picture.name}.svg`), drawBars({ ...picture, subtitle: `${picture.subtitle}; ${where}` }));
  }
}
