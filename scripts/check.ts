import { delimiter, join } from 'node:path';
import { runSteps } from './check/run-steps.ts';
import type { Step } from './check/run-steps.ts';

const ROOT = join(import.meta.dirname, '..');

// The compiler first: type-aware lint and type tests read the declarations that it writes.
const STEPS: readonly Step[] = [
  { name: 'types', command: 'tsc', args: ['-b', '--pretty', 'false'] },
  { name: 'generated', command: 'node', args: ['scripts/generate.ts', '--check'] },
  { name: 'format', command: 'oxfmt', args: ['--check'] },
  { name: 'unused', command: 'knip', args: ['--no-progress'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings'], after: ['types'] },
  { name: 'unit', command: 'vitest', args: ['run', '--project', 'unit', '--reporter=dot'] },
  { name: 'typeTests', command: 'vitest', args: ['run', '--project', 'types', '--reporter=dot'], after: ['types'] },
];

/** The most lines of a failed step that are shown; its command shows all of them. */
const MAX_LINES = 60;

const MARKS = { passed: 'ok     ', failed: 'FAIL   ', notRun: 'not run' } as const;

const started = performance.now();
const results = await runSteps(STEPS, {
  cwd: ROOT,
  env: { ...process.env, PATH: [join(ROOT, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter), NO_COLOR: '1' },
  width: 2,
  now: () => performance.now(),
  onResult: ({ name, outcome, durationMs }) => console.log(`${MARKS[outcome]}  ${name.padEnd(10)} ${seconds(durationMs)}`),
});

const failed = results.filter(({ outcome }) => outcome === 'failed');
for (const { name, output } of failed) {
  const lines = output.trimEnd().split('\n');
  const { command, args } = STEPS.find((step) => step.name === name) ?? { command: '', args: [] };
  console.log(`\n── ${name}: ${[command, ...args].join(' ')}\n${lines.slice(0, MAX_LINES).join('\n')}`);
  if (lines.length > MAX_LINES) console.log(`… ${lines.length - MAX_LINES} more lines: run it alone`);
}
const passed = results.filter(({ outcome }) => outcome === 'passed').length;
console.log(
  `\ncheck: ${passed} of ${STEPS.length} passed in ${seconds(performance.now() - started)}${failed.length > 0 ? ' (`npm run fix` mends what is mechanical)' : ''}`,
);
if (passed < STEPS.length) process.exitCode = 1;

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
