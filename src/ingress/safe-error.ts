import { HooklineError } from '../contracts/errors.ts';

/** What a log may say of something thrown. */
export interface SafeError {
  readonly type: string;
  readonly message?: string;
  readonly code?: string;
  readonly stack: string;
}

/**
 * Something thrown, as a log may show it: our own errors with their message, any other by type, code and stack frames alone,
 * because a parser quotes the payload in its message and a database driver the row.
 */
export function toSafeError(error: unknown): SafeError {
  if (!(error instanceof Error)) return { type: typeof error, stack: '' };
  const stack = framesOf(error);
  if (error instanceof HooklineError) return { type: error.name, message: error.message, ...codeOfCause(error.cause ?? error), stack };
  return { type: error.name, ...codeOfCause(error), stack };
}

function framesOf({ stack = '' }: Error): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');
}

function codeOfCause(error: unknown): { code?: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^[\w.-]{1,64}$/.test(error.code)
    ? { code: error.code }
    : {};
}
