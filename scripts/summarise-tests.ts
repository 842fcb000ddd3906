import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { summariseTests } from './check/summarise-tests.ts';
import type { TestReport } from './check/summarise-tests.ts';

// Reads the JSON report named on the command line; its last line is `N passed, N failed`. Exits with 1 unless the run counts.
const ROOT = join(import.meta.dirname, '..');
const [path = ''] = process.argv.slice(2);

const report = await readFile(path, 'utf8').then(
  (text) => JSON.parse(text) as TestReport, // vitest's own form
  () => undefined,
);
const files = (await readdir(join(ROOT, 'test'), { recursive: true }))
  .filter((file) => /\.test(?:-d)?\.ts$/.test(file))
  .map((file) => join(ROOT, 'test', file));
const { passed, failed, complaints } =
  report === undefined ? { passed: 0, failed: 0, complaints: ['the suite wrote no report'] } : summariseTests(report, files.sort());

for (const complaint of complaints) console.log(complaint);
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0 || complaints.length > 0) process.exitCode = 1;
