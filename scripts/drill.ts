import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createProgressLine } from '../src/cli/progress-line.ts';
import { listenForStop } from '../src/cli/stop-signals.ts';
import { createLog } from '../src/runtime/log.ts';
import { DRILLS } from './drill/drills.ts';
import { CannotDrill } from './drill/faults/cannot-drill.ts';
import { describePlace, keepRecord, readLoad } from './drill/measure/keep-record.ts';
import { toRecord } from './drill/measure/to-record.ts';
import { MUTANTS } from './drill/mutants.ts';
import { runDrill } from './drill/run-drill.ts';
import { runMutants } from './drill/run-mutants.ts';
import { ROOT } from './drill/patched-copy.ts';

// Breaks a stack of its own on purpose, under load, and has the checker say whether anything was lost or doubled: docs/reliability.md tells more.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string' },
    rate: { type: 'string' },
    every: { type: 'string' },
    events: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
const [name = ''] = positionals;
const plan = DRILLS.find((one) => one.name === name);
const given = { ratePerS: numberOf(values.rate), everyMs: numberOf(values.every), events: numberOf(values.events) };
const [seed, minutes] = [numberOf(values.seed) ?? Date.now() % 1_000_000, numberOf(values.minutes) ?? 1];
const isUnderstood =
  positionals.length === 1 &&
  (plan !== undefined || name === 'mutants') &&
  Number.isSafeInteger(seed) &&
  [minutes, ...Object.values(given)].every((value = 1) => value > 0);
if (values.help === true || !isUnderstood) {
  console.error(toHelp());
  process.exit(values.help === true ? 0 : 2);
}

const stop = listenForStop();
const line = createProgressLine(process.stderr);
const folder = await mkdtemp(join(tmpdir(), 'hookline-drill-'));
const log = createLog({ level: 'info', destination: { file: join(folder, 'drill.log') }, name: 'drill' });
const onProgress = values.json === true ? () => {} : line.show;
const common = { seed, minutes, ...given, folder, log, onProgress, signal: stop.signal };
const before = readLoad();
let cannot = false;
let ok = false;
try {
  if (plan === undefined) {
    ok = await runMutants({ ...common, onVerdict: print });
  } else {
    const result = await runDrill({ ...common, plan, root: ROOT });
    ok = result.verdict.ok;
    const place = { ...(await describePlace(ROOT)), loadAverage: { before, after: readLoad() } };
    const record = toRecord({ drill: name, seed, minutes, ...given, date: new Date().toISOString(), ...place }, result);
    if (values.out !== undefined) await keepRecord(values.out, record);
    print(record);
  }
} catch (error) {
  line.clear();
  cannot = error instanceof CannotDrill;
  if (cannot) console.error(`cannot run: ${error instanceof Error ? error.message : ''}`);
  else if (!stop.signal.aborted) console.error(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
} finally {
  await log.close();
  line.clear();
  if (ok || cannot || stop.signal.aborted) await rm(folder, { recursive: true, force: true });
  else console.error(`settings, logs and facts are in ${folder}`);
  process.exitCode = stop.signal.aborted ? 130 : cannot ? 2 : ok ? 0 : 1;
}

function print(document: object): void {
  line.clear();
  console.log(JSON.stringify(document));
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function toHelp(): string {
  const width = Math.max(...DRILLS.map((one) => one.name.length)) + 2;
  return [
    'npm run drill -- <name> [--seed n] [--minutes m] [--rate r] [--every ms] [--events n] [--out file] [--json]\n',
    ...DRILLS.map((one) => `${one.name.padEnd(width)}${one.means}`),
    `${'mutants'.padEnd(width)}the product with one guard taken out (${MUTANTS.map((one) => one.name).join(', ')}): the checker must fail each time`,
    '\n--seed     chooses faults and events  [another each time]',
    '--minutes  how long things are broken  [1]',
    '--rate     new events a second          [the drill’s own, mostly 4]',
    '--every    milliseconds from one fault to the next, in drills of one fault  [the drill’s own pauses]',
    '--events   how many events wait, in `drain`',
    '--out      a file to which the verdict is appended too',
    '--json     no progress on stderr',
    '\nThe verdict is one line of JSON on stdout. Exit code 0: it holds; 1: it does not, or could not be found out; 2: not\nunderstood, or this machine has not what the drill needs.',
  ].join('\n');
}
