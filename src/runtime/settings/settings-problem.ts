import type { ErrorCode } from '../../contracts/errors.ts';
import { describe } from '../../contracts/errors.ts';
import { errorTable } from '../../contracts/error-table.ts';

/** One thing that is wrong with the settings. Never holds a secret. */
export interface SettingsProblem {
  readonly code: Extract<ErrorCode, `settings.${string}`>;
  readonly expected: string;
  readonly got: string;
  /** `hookline.yaml:12`, or what stands in place of a line. */
  readonly where: string;
  /** Overrides the table's fix where the place knows a better one. */
  readonly fix?: string | undefined;
}

/** A problem in two lines: code, expected, got, where; then what to do. */
export function formatProblem(problem: SettingsProblem): string {
  const { code, expected, got, where, fix = errorTable[code].fix } = problem;
  return `${describe(code, { expected, got, where })}\n  fix: ${fix}`;
}
