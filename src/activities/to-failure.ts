import { ApplicationFailure } from '@temporalio/common';
import { errorTable } from '../contracts/error-table.ts';
import { HooklineError } from '../contracts/errors.ts';

/**
 * The failure that Temporal sees for anything an action throws: the type is a code of the errors table, and whether it is
 * tried again is the table's word. Errors without a code are retried: they are mostly I/O. It is tried again after `delayMs`, else when
 * the retry policy says.
 */
export function toFailure(error: unknown, delayMs?: number): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  if (!(error instanceof HooklineError)) {
    const name = error instanceof Error ? error.name : typeof error;
    return ApplicationFailure.create({
      type: 'bug.unexpected',
      message: `bug.unexpected: ${name} thrown by an action`,
      nonRetryable: false,
      ...(delayMs === undefined ? {} : { nextRetryDelay: delayMs }),
      ...causeOf(error),
    });
  }
  return ApplicationFailure.create({
    type: error.code,
    message: error.message,
    nonRetryable: !error.entry.retryable,
    details: [{ fix: error.fix }],
    ...(delayMs === undefined ? {} : { nextRetryDelay: delayMs }),
  });
}

/** The failure of an action that is tried no more: it says what the last attempt has failed with. */
export function toGaveUp(action: string, last: ApplicationFailure): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'action.gaveUp',
    message: `action.gaveUp: \`${action}\`, last: ${last.message}`,
    nonRetryable: true,
    details: [{ fix: errorTable['action.gaveUp'].fix }],
    cause: last,
  });
}

/** Keeps the stack of an unexpected error and drops its message, which may quote a payload. */
function causeOf(error: unknown): { cause?: Error } {
  if (!(error instanceof Error)) return {};
  const cause = new Error(error.name);
  cause.stack = `${error.name}\n${(error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')}`;
  return { cause };
}
