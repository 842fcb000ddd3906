import { DatabaseError } from 'pg';

/** What is said of a server that is a standby, or told to write nothing; also the message of whoever has found out by asking. */
export const NO_WRITES = 'it takes no writes';

// SQLSTATE codes and classes: PostgreSQL 18, appendix A
const STATES: readonly (readonly [prefix: string, reason: string])[] = [
  ['25006', NO_WRITES],
  ['53100', 'its disk is full'],
  ['53300', 'it has no free connection'],
  ['57P0', 'it is starting or stopping'],
  ['57014', 'it does not answer in time'],
  ['28', 'it refuses our credentials'],
  ['3D', 'it does not have the database'],
  ['53', 'it has run out of something'],
  ['58', 'its disk fails'],
];
/** Texts of the driver, for which it has no codes. */
const SILENT = /timeout|timed out/i;

/** Why PostgreSQL is no use, in a few words and without a value of a row. */
export function toPostgresReason(error: unknown): string {
  if (error instanceof DatabaseError) {
    const state = error.code ?? '';
    return STATES.find(([prefix]) => state.startsWith(prefix))?.[1] ?? `it answers with ${state}`;
  }
  if (!(error instanceof Error)) return 'it cannot be reached';
  if (error.cause !== undefined) return toPostgresReason(error.cause);
  if (error.message === NO_WRITES) return NO_WRITES;
  return SILENT.test(error.message) ? 'it does not answer in time' : 'it cannot be reached';
}
