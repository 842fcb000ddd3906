import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { NamedTest } from './fault-row.ts';
import { toNamePattern, toTitlePattern } from './test-title.ts';

/** What has become of one named test; a table's title stands for all of its cases. */
export interface TestOutcome extends NamedTest {
  /** `missing` where no test of that name has run, or not all of its cases to their end. */
  readonly outcome: 'passed' | 'failed' | 'missing';
  /** The first lines of what failed it. */
  readonly failures: readonly string[];
}

/** Options of `runTests`. */
export interface RunTestsOptions {
  /** The project, or a copy of it. */
  readonly root: string;
  readonly tests: readonly NamedTest[];
  /** Ends vitest in order, with its servers; then `runTests` rejects. */
  readonly signal: AbortSignal;
}

/** The little of vitest's JSON report that is looked at. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly title: string; readonly status: string; readonly failureMessages: readonly string[] }[];
  }[];
}

/** Runs the named tests and no others, in one run of vitest, and tells of each in order. */
export async function runTests({ root, tests, signal }: RunTestsOptions): Promise<readonly TestOutcome[]> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-matrix-'));
  try {
    const file = join(folder, 'report.json');
    const files = [...new Set(tests.map((test) => test.file))];
    const names = toNamePattern([...new Set(tests.map(({ name }) => name))]);
    const args = ['run', '--reporter=json', `--outputFile=${file}`, '--testNamePattern', names, ...files];
    const vitest = spawn(join(root, 'node_modules/.bin/vitest'), args, { cwd: root, stdio: 'ignore' });
    const end = (): void => void vitest.kill('SIGINT');
    signal.addEventListener('abort', end, { once: true });
    await once(vitest, 'exit');
    signal.removeEventListener('abort', end);
    signal.throwIfAborted();
    const report = JSON.parse(await readFile(file, 'utf8')) as Report; // vitest's own form
    return tests.map((test) => toOutcome(test, report, root));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function toOutcome(test: NamedTest, { testResults }: Report, root: string): TestOutcome {
  const pattern = toTitlePattern(test.name);
  const cases = testResults
    .filter(({ name }) => relative(root, name) === test.file)
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ title, status }) => pattern.test(title) && status !== 'skipped');
  const failed = cases.filter(({ status }) => status === 'failed');
  const isWhole = cases.length > 0 && cases.every(({ status }) => status === 'passed' || status === 'failed');
  return {
    ...test,
    outcome: failed.length > 0 ? 'failed' : isWhole ? 'passed' : 'missing',
    failures: failed.flatMap(({ failureMessages }) => failureMessages).map((message) => message.split('\n')[0] ?? ''),
  };
}
