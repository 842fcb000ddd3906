import { DatabaseError } from 'pg';
import { HooklineError } from '../contracts/errors.ts';

/**
 * What kind of trouble an error of the driver is: `unavailable` (the server cannot be reached, or cannot commit anything
 * now), `conflict` (two transactions met; the same again can succeed), `data` (this statement can never succeed), or
 * `other` (not the driver's).
 */
export type PostgresFailure = 'unavailable' | 'conflict' | 'data' | 'other';

// SQLSTATE classes and codes: PostgreSQL 18, appendix A
const UNAVAILABLE_CLASSES = new Set(['08', '28', '3D', '53', '57', '58']);
const READ_ONLY = '25006'; // a standby, or a server told to write nothing
const SILENT = '25P03'; // a transaction of ours said nothing for too long, and was ended
const CONFLICTS = new Set(['40001', '40P01', '55P03']);

// The driver has no class for what happens to its sockets: only texts, and Node's error codes.
const DRIVER_TEXTS =
  /^(?:Connection terminated|timeout expired|timeout exceeded when trying to connect|Query read timeout|Client (?:was closed|has encountered)|Cannot use a pool after)/;

/** Classifies anything that a query has thrown. */
export function toPostgresFailure(error: unknown): PostgresFailure {
  if (error instanceof HooklineError) return error.code === 'postgres.unavailable' ? 'unavailable' : 'other';
  if (error instanceof DatabaseError) return ofSqlState(error.code ?? '');
  if (!(error instanceof Error)) return 'other';
  if ('syscall' in error || ('errno' in error && 'code' in error) || error instanceof AggregateError) return 'unavailable';
  return DRIVER_TEXTS.test(error.message) ? 'unavailable' : 'other';
}

function ofSqlState(state: string): PostgresFailure {
  if (CONFLICTS.has(state)) return 'conflict';
  return state === READ_ONLY || state === SILENT || UNAVAILABLE_CLASSES.has(state.slice(0, 2)) ? 'unavailable' : 'data';
}
