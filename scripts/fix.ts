import { delimiter, join } from 'node:path';
import { runSteps } from './check/run-steps.ts';
import type { Step } from './check/run-steps.ts';

const ROOT = join(import.meta.dirname, '..');

// One after the other: each writes what the next one reads.
const STEPS: readonly Step[] = [
  { name: 'generate', command: 'node', args: ['scripts/generate.ts'] },
  { name: 'lint', command: 'oxlint', args: ['--fix', '--quiet'] },
  { name: 'format', command: 'oxfmt', args: [] },
];

// What lint cannot mend by itself is for `npm run check` to say.
const results = await runSteps(STEPS, {
  cwd: ROOT,
  env: { ...process.env, PATH: [join(ROOT, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter), NO_COLOR: '1' },
  width: 1,
  now: () => performance.now(),
  onResult: ({ name, outcome, output }) => {
    if (name !== 'lint' && output !== '') console.log(output.trimEnd());
    if (outcome === 'failed' && name !== 'lint') console.log(`fix: ${name} failed`);
  },
});
if (results.some(({ name, outcome }) => outcome !== 'passed' && name !== 'lint')) process.exitCode = 1;
