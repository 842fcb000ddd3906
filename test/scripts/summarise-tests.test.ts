import { describe, expect, test } from 'vitest';
import { summariseTests } from '../../scripts/check/summarise-tests.ts';
import type { TestReport } from '../../scripts/check/summarise-tests.ts';

type File = TestReport['testResults'][number];

const file = (name: string, statuses: readonly string[], status = 'passed'): File => ({
  name,
  status,
  assertionResults: statuses.map((each, index) => ({ status: each, fullName: `test ${index}` })),
});

function reportOf(...testResults: readonly File[]): TestReport {
  const statuses = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  const count = (wanted: string): number => statuses.filter((status) => status === wanted).length;
  return {
    success: testResults.every(({ status }) => status === 'passed'),
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    testResults,
  };
}

describe('summariseTests', () => {
  test('counts a good run and has nothing to complain about', () => {
    const report = reportOf(file('/a.test.ts', ['passed', 'passed']), file('/b.live.test.ts', ['passed']));
    expect(summariseTests(report, ['/a.test.ts', '/b.live.test.ts'])).toEqual({ passed: 3, failed: 0, complaints: [] });
  });

  test('counts failed tests, and files that failed without one', () => {
    const report = reportOf(file('/a.test.ts', ['passed', 'failed'], 'failed'), file('/b.test.ts', [], 'failed'));
    expect(summariseTests(report, ['/a.test.ts'])).toEqual({ passed: 1, failed: 2, complaints: ['/b.test.ts: the file failed'] });
  });

  test('complains about a live part that did not run', () => {
    expect(summariseTests(reportOf(file('/a.test.ts', ['passed'])), ['/a.test.ts', '/b.live.test.ts']).complaints).toEqual([
      '/b.live.test.ts: none of its tests ran',
    ]);
  });

  test.each(['skipped', 'todo', 'pending'])('complains about a test that is %s', (status) => {
    expect(summariseTests(reportOf(file('/a.test.ts', ['passed', status])), ['/a.test.ts']).complaints).toEqual([
      `/a.test.ts: ${status}: test 1`,
    ]);
  });

  test('complains about a run without tests, and about one that failed for another reason', () => {
    expect(summariseTests(reportOf(), []).complaints).toEqual(['no tests ran']);
    expect(summariseTests({ ...reportOf(file('/a.test.ts', ['passed'])), success: false }, []).complaints).toEqual([
      'vitest says that the run failed',
    ]);
  });
});
