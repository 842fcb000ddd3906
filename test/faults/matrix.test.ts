import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toFaultTable, withFaultMatrix } from '../../scripts/generate/fault-matrix.ts';
import { catchersOf } from '../../scripts/matrix/judge-mutant.ts';
import { readResults } from '../../scripts/matrix/matrix-results.ts';
import { requireMutant } from '../../scripts/matrix/suite-copy.ts';
import { toNamePattern, toTitlePattern } from '../../scripts/matrix/test-title.ts';
import type { TestedFault } from './fault-row.ts';
import { MATRIX } from './matrix.ts';

const ROOT = join(import.meta.dirname, '../..');
const tested = MATRIX.filter((row): row is TestedFault => 'tests' in row);

describe('the fault matrix', () => {
  it('has a row for each of the 43 faults, with tests, or with the reason why it cannot come', () => {
    expect(MATRIX.map(({ number }) => number)).toEqual(Array.from({ length: 43 }, (_, index) => index + 1));
    for (const row of MATRIX) expect('reason' in row ? row.reason : row.tests).not.toHaveLength(0);
  });

  it.each(tested.map(({ number, tests }) => [number, tests] as const))('names tests that are there: row %i', (_number, tests) => {
    for (const { file, name } of tests)
      expect(titlesIn(file), `${file}: ${name}`).toSatisfy((has: (title: string) => boolean) => has(name));
  });

  it.each(tested.map(({ number, mutant }) => [number, mutant] as const))(
    'has a mutant that can be made of the sources: row %i',
    (_number, { file, find, replace }) => {
      expect(file).toMatch(/^src\//);
      expect(readFileSync(join(ROOT, file), 'utf8').split(find)).toHaveLength(2);
      expect(replace).not.toBe(find);
    },
  );

  it('has last results: of each row its tests have passed, and its mutant was caught', async () => {
    const results = new Map((await readResults(ROOT)).map((result) => [result.row, result]));
    const last = tested.map(({ number }) => [number, results.get(number)?.tests?.outcome, results.get(number)?.mutant?.outcome]);
    expect(last).toEqual(tested.map(({ number }) => [number, 'passed', 'caught']));
  });

  it('stands in the page as it is, with its last results', async () => {
    const page = await readFile(join(ROOT, 'docs/reliability.md'), 'utf8');
    expect(page).toContain(toFaultTable(MATRIX, await readResults(ROOT)));
    expect(await withFaultMatrix(ROOT, page)).toBe(page);
  });
});

/** Whether a file has a test of a title: it stands there whole, or a table's title with some words of its own makes it. */
function titlesIn(file: string): (title: string) => boolean {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const literals = [...text.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].map(([, ...found]) =>
    found.join('').replaceAll(/\\(['"`])/g, '$1'),
  );
  return (title) => literals.some((literal) => literal === title || (literal.length > 10 && toTitlePattern(literal).test(title)));
}

describe('the title of a test', () => {
  it('finds itself, and the cases of a table', () => {
    expect(toTitlePattern('is (not) 1.5').test('is (not) 1.5')).toBe(true);
    expect(toTitlePattern('is (not) 1.5').test('is (not) 105')).toBe(false);
    expect(toTitlePattern('at `%s`, $point: it ends').test('at `inbox.insert`, afterReply: it ends')).toBe(true);
    expect(toTitlePattern('at `%s`, $point: it ends').test('at `inbox.insert`, afterReply: it ends well')).toBe(false);
  });

  it('is let through by the pattern for vitest, whatever groups it stands in', () => {
    const pattern = new RegExp(toNamePattern(['keeps (all)', 'at %s']));
    expect(['the inbox keeps (all)', 'keeps (all)', 'x at y', 'keeps all', 'keeps (all) of it'].map((name) => pattern.test(name))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('a mutant', () => {
  it.each([
    ['nowhere', 'no such text'],
    ['more than once', 'import'],
  ])('whose text stands %s in its file is refused', async (_where, find) => {
    const mutant = { file: 'src/store/inbox.ts', find, replace: '', means: '' };
    await expect(requireMutant(ROOT, mutant)).rejects.toThrow('src/store/inbox.ts holds');
  });

  const outcomeOf = (failure: string) => [{ file: 'f', name: 'n', outcome: 'failed', failures: [failure] } as const];

  it.each(['AssertionError: expected 1 to be 2', 'Error: expected 1 to be 2', 'Error: promise resolved "1" instead of rejecting'])(
    'is caught by an expectation: %s',
    (failure) => {
      expect(catchersOf(outcomeOf(failure))).toEqual(['n']);
    },
  );

  it.each(['SyntaxError: Unexpected token', 'TypeError: x is not a function', 'TestTimeoutError: Test timed out in 100ms.'])(
    'is not caught by a crash: %s',
    (failure) => {
      expect(catchersOf(outcomeOf(failure))).toEqual([]);
    },
  );
});
