/** The little of vitest's JSON report that is looked at. */
export interface TestReport {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** What a run of the whole suite was worth. */
export interface TestSummary {
  readonly passed: number;
  /** Failed tests, and files that failed without one. */
  readonly failed: number;
  /** Why the run does not count, though nothing in it may have failed. */
  readonly complaints: readonly string[];
}

/**
 * Counts a run of the suite, and complains where it proves less than it should: no tests, tests left out, a test file that did
 * not run. `files` are the test files on disk, as absolute paths.
 */
export function summariseTests(report: TestReport, files: readonly string[]): TestSummary {
  const results = new Map(report.testResults.map((result) => [result.name, result]));
  const leftOut = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ status, fullName }) => `${name}: ${status}: ${fullName}`),
  );
  const idle = files.filter((file) => (results.get(file)?.assertionResults.length ?? 0) === 0);
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = report.numFailedTests + broken.length;
  const complaints = [
    ...broken.map(({ name }) => `${name}: the file failed`),
    ...leftOut,
    ...idle.map((file) => `${file}: none of its tests ran`),
    ...(report.numPassedTests + failed === 0 ? ['no tests ran'] : []),
    ...(!report.success && failed === 0 ? ['vitest says that the run failed'] : []),
  ];
  return { passed: report.numPassedTests, failed, complaints };
}
