import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createProgressLine } from '../src/cli/progress-line.ts';
import { listenForStop } from '../src/cli/stop-signals.ts';
import { createLog } from '../src/runtime/log.ts';
import { DRILLS } from './drill/drills.ts';
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
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
/** Violations in the verdict's line; the facts in the folder hold all. */
const MOST_SHOWN = 100;
const [name = ''] = positionals;
const plan = DRILLS.find((one) => one.name === name);
const [seed, minutes] = [Number(values.seed ?? Date.now() % 1_000_000), Number(values.minutes ?? 1)];
const ratePerS = values.rate === undefined ? undefined : Number(values.rate);
const isUnderstood =
  positionals.length === 1 &&
  (plan !== undefined || name === 'mutants') &&
  Number.isSafeInteger(seed) &&
  minutes > 0 &&
  (ratePerS ?? 1) > 0;
if (values.help === true || !isUnderstood) {
  console.error(toHelp());
  process.exit(values.help === true ? 0 : 2);
}

const stop = listenForStop();
const line = createProgressLine(process.stderr);
const folder = await mkdtemp(join(tmpdir(), 'hookline-drill-'));
const log = createLog({ level: 'info', destination: { file: join(folder, 'drill.log') }, name: 'drill' });
const common = { seed, minutes, ratePerS, folder, log, onProgress: values.json === true ? () => {} : line.show, signal: stop.signal };
let ok = false;
try {
  if (plan === undefined) {
    ok = await runMutants({ ...common, onVerdict: print });
  } else {
    const { verdict, facts } = await runDrill({ ...common, plan, root: ROOT });
    ok = verdict.ok;
    print({
      drill: name,
      seed,
      minutes,
      ...verdict,
      violations: verdict.violations.slice(0, MOST_SHOWN),
      violationCount: verdict.violations.length,
      faults: facts.faults,
    });
  }
} catch (error) {
  line.clear();
  if (!stop.signal.aborted) console.error(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
} finally {
  await log.close();
  line.clear();
  if (ok || stop.signal.aborted) await rm(folder, { recursive: true, force: true });
  else console.error(`settings, logs and facts are in ${folder}`);
  process.exitCode = stop.signal.aborted ? 130 : ok ? 0 : 1;
}

function print(document: object): void {
  line.clear();
  console.log(JSON.stringify(document));
}

function toHelp(): string {
  const width = Math.max(...DRILLS.map((one) => one.name.length)) + 2;
  return [
    'npm run drill -- <name> [--seed n] [--minutes m] [--rate r] [--json]\n',
    ...DRILLS.map((one) => `${one.name.padEnd(width)}${one.means}`),
    `${'mutants'.padEnd(width)}the product with one guard taken out (${MUTANTS.map((one) => one.name).join(', ')}): the checker must fail each time`,
    '\n--seed     chooses faults and events  [another each time]',
    '--minutes  how long things are broken  [1]',
    '--rate     new events a second          [the drill’s own, mostly 4]',
    '--json     no progress on stderr',
    '\nThe verdict is one line of JSON on stdout. Exit code 0: it holds; 1: it does not, or could not be found out; 2: not understood.',
  ].join('\n');
}
