import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { listenForStop } from '../src/cli/stop-signals.ts';
import type { TestedFault } from './matrix/fault-row.ts';
import { judgeMutant } from './matrix/judge-mutant.ts';
import { loadMatrix } from './matrix/load-matrix.ts';
import { keepResults, type Provenance } from './matrix/matrix-results.ts';
import { runTests } from './matrix/run-tests.ts';
import { makeSuiteCopy, requireMutant } from './matrix/suite-copy.ts';

// Runs the tests of the fault matrix, or with --mutants each row's on a copy of the sources without the row's guard, and keeps the results
// in docs/reliability/matrix.json, from which `npm run generate` makes the table of docs/reliability.md.

const ROOT = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: { mutants: { type: 'boolean', default: false }, row: { type: 'string', multiple: true }, help: { type: 'boolean' } },
});
const wanted = new Set((values.row ?? []).map(Number));
if (values.help === true) {
  console.error('usage: npm run matrix -- [--mutants] [--row n]…');
  process.exit(0);
}

const rows = (await loadMatrix(ROOT)).filter((row): row is TestedFault => 'tests' in row && (wanted.size === 0 || wanted.has(row.number)));
const stop = listenForStop();
const ok = values.mutants ? await runMutants() : await runRows();
if (!ok) process.exitCode = 1;

async function runRows(): Promise<boolean> {
  const from = toProvenance();
  const named = new Map(rows.flatMap(({ tests }) => tests.map((test) => [`${test.file} ${test.name}`, test] as const))); // some stand in two rows
  const outcomes = await runTests({ root: ROOT, tests: [...named.values()], signal: stop.signal });
  const results = rows.map(({ number, tests }) => {
    const own = outcomes.filter(({ file, name }) => tests.some((test) => test.file === file && test.name === name));
    const bad = own.filter(({ outcome }) => outcome !== 'passed');
    for (const { outcome, file, name, failures } of bad)
      console.error(`row ${number}: ${outcome}: ${file}: ${name}\n  ${failures.join('\n  ')}`);
    console.log(`row ${number}: ${bad.length === 0 ? 'passed' : 'failed'}`);
    return { row: number, tests: { outcome: bad.length === 0 ? ('passed' as const) : ('failed' as const), ...from } };
  });
  await keepResults(ROOT, results);
  return results.every(({ tests }) => tests.outcome === 'passed');
}

async function runMutants(): Promise<boolean> {
  const from = toProvenance();
  for (const { mutant } of rows) await requireMutant(ROOT, mutant);
  const folder = await mkdtemp(join(tmpdir(), 'hookline-matrix-'));
  let ok = true;
  try {
    const copy = await makeSuiteCopy(ROOT, join(folder, 'copy'));
    for (const row of rows) {
      stop.signal.throwIfAborted();
      const startedAt = performance.now();
      const { by, outcomes } = await judgeMutant(row, copy, stop.signal);
      const outcome = by.length > 0 ? 'caught' : 'missed';
      ok &&= outcome === 'caught';
      console.log(`row ${row.number}: ${outcome} (${row.mutant.means}), ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
      if (outcome === 'missed') console.error(JSON.stringify(outcomes, null, 2));
      await keepResults(ROOT, [{ row: row.number, mutant: { outcome, by, ...from } }]);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return ok;
}

function toProvenance(): Provenance {
  const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  const dirty = git('status', '--porcelain', '--', 'src', 'test', 'scripts', 'package-lock.json') !== '';
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: `${git('rev-parse', '--short', 'HEAD')}${dirty ? '+' : ''}`,
    node: process.versions.node,
  };
}
