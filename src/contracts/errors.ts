import { errorTable } from './error-table.ts';

/** Every code of the one errors table; `docs/errors.md` is generated from it. */
export type ErrorCode = keyof typeof errorTable;

/** One row of the errors table. */
export interface ErrorEntry {
  /** HTTP status, where the code is an answer of the public listener. */
  readonly status?: number;
  /** Whether the same attempt can succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** One sentence: what has happened. */
  readonly means: string;
  /** One sentence: what to do about it. */
  readonly fix: string;
}

/** What an error says beyond its code. Neither a secret nor a payload may stand in any of it. */
export interface ErrorFacts {
  /** What was expected, as a phrase: "a header `X-Webhook-Id`". */
  readonly expected?: string;
  /** What was got instead. */
  readonly got?: string;
  /** Where: a file and line, a source, a header, a JSON pointer. */
  readonly where?: string;
  /** Overrides the table's `fix` where the place knows a better one. */
  readonly fix?: string;
  readonly cause?: unknown;
}

/**
 * The one error class: always has a code of the table, a message of expected, got and where, and a fix.
 * Expected outcomes are returned as unions; this is thrown for bugs and I/O only.
 */
export class HooklineError extends Error {
  override readonly name = 'HooklineError';
  readonly code: ErrorCode;
  readonly fix: string;

  constructor(code: ErrorCode, facts: ErrorFacts = {}) {
    super(describe(code, facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.fix = facts.fix ?? errorTable[code].fix;
  }

  /** The table's row of this code. */
  get entry(): ErrorEntry {
    return errorTable[this.code];
  }
}

/** The same text that `HooklineError` carries, for causes that are stored and not thrown. */
export function describe(code: ErrorCode, { expected, got, where }: ErrorFacts): string {
  const facts = [
    expected === undefined ? '' : `expected ${expected}`,
    got === undefined ? '' : `got ${got}`,
    where === undefined ? '' : `in ${where}`,
  ].filter((fact) => fact !== '');
  const means = errorTable[code].means;
  return facts.length === 0 ? `${code}: ${means}` : `${code}: ${facts.join(', ')}`;
}

/** Tells whether a text is a code of the table, own keys only. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorTable, text);
}

/** A code for anything thrown: its own, or `bug.unexpected`. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof HooklineError ? error.code : 'bug.unexpected';
}
