import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { runSteps } from '../../scripts/check/run-steps.ts';
import type { Step, StepResult } from '../../scripts/check/run-steps.ts';

const node = (name: string, code: string, after: readonly string[] = []): Step => ({
  name,
  command: process.execPath,
  args: ['-e', code],
  after,
});

async function run(
  steps: readonly Step[],
  width = 2,
): Promise<{ readonly results: readonly StepResult[]; readonly order: readonly string[] }> {
  const order: string[] = [];
  const results = await runSteps(steps, { cwd: tmpdir(), env: process.env, width, now: () => 0, onResult: ({ name }) => order.push(name) });
  return { results, order };
}

describe('runSteps', () => {
  test('says what passed and what failed, with the output of both streams', async () => {
    const { results } = await run([node('good', 'console.log("fine")'), node('bad', 'console.error("broken"); process.exitCode = 3')]);
    expect(results).toEqual([
      { name: 'good', outcome: 'passed', durationMs: 0, output: 'fine\n' },
      { name: 'bad', outcome: 'failed', durationMs: 0, output: 'broken\n' },
    ]);
  });

  test('does not run what stands behind a failed step, near or far', async () => {
    const { results } = await run([node('third', '', ['second']), node('second', '', ['first']), node('first', 'process.exitCode = 1')]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['notRun', 'notRun', 'failed']);
  });

  test('runs a step after those that it names', async () => {
    const { order } = await run([node('late', '', ['early']), node('early', '')]);
    expect(order).toEqual(['early', 'late']);
  });

  test('a command that is not there has failed', async () => {
    const { results } = await run([{ name: 'gone', command: '/nowhere/hookline-no-such-command', args: [] }]);
    expect(results).toEqual([
      { name: 'gone', outcome: 'failed', durationMs: 0, output: 'spawn /nowhere/hookline-no-such-command ENOENT\n' },
    ]);
  });

  test('a step that waits for none of the list is not run', async () => {
    const { results } = await run([node('lost', '', ['nothing']), node('found', '')]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['notRun', 'passed']);
  });
});
