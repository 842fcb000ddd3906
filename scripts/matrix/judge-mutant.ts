import type { TestedFault } from './fault-row.ts';
import { runTests, type TestOutcome } from './run-tests.ts';
import type { SuiteCopy } from './suite-copy.ts';

/** How failures begin that are expectations of tests, as vitest words them; a crash or a test that ran out of time is none. */
const EXPECTATION = /^(?:AssertionError|Error: (?:expected|promise (?:resolved|rejected)))/;

/** The tests by whose expectations a mutant was caught. */
export function catchersOf(outcomes: readonly TestOutcome[]): readonly string[] {
  return outcomes.filter(({ failures }) => failures.some((failure) => EXPECTATION.test(failure))).map(({ name }) => name);
}

/** What has become of a row's mutant. */
export interface MutantVerdict {
  /** The tests that have caught it; none where it was missed. */
  readonly by: readonly string[];
  readonly outcomes: readonly TestOutcome[];
}

/** Runs the tests of a row, file by file from its last one, while its guard is out, until one of them catches that. */
export async function judgeMutant({ tests, mutant }: TestedFault, copy: SuiteCopy, signal: AbortSignal): Promise<MutantVerdict> {
  return copy.withMutant(mutant, async () => {
    const outcomes: TestOutcome[] = [];
    for (const file of [...new Set(tests.map((test) => test.file))].reverse()) {
      const own = await runTests({ root: copy.root, tests: tests.filter((test) => test.file === file), signal });
      outcomes.push(...own);
      const by = catchersOf(own);
      if (by.length > 0) return { by, outcomes };
    }
    return { by: [], outcomes };
  });
}
