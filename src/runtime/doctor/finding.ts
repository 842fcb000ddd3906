/** How a check has come out: `info` is neither good nor bad, `warn` wants a look, `fail` must be mended. */
export type Level = 'ok' | 'info' | 'warn' | 'fail';

/** What one check has found. */
export interface Finding {
  /** What was checked, in a word or two; stable. */
  readonly check: string;
  readonly level: Level;
  readonly found: string;
  /** What to do; null where there is nothing to do. */
  readonly fix: string | null;
}

/** All is as it should be. */
export function good(check: string, found: string): Finding {
  return { check, level: 'ok', found, fix: null };
}

/** Something is not as it should be. */
export function bad(level: 'info' | 'warn' | 'fail', { check, found, fix }: Omit<Finding, 'level'>): Finding {
  return { check, level, found, fix };
}
