import { HooklineError } from '../contracts/errors.ts';

/**
 * Waits for work at most so many milliseconds, then for what `late` returns or throws instead. The work itself goes on; what it comes to
 * afterwards is nobody's business here, and its late rejection is not unhandled.
 */
export async function withDeadline<Result, Late>(work: Promise<Result>, deadlineMs: number, late: () => Late): Promise<Result | Late> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, deadlineMs);
  }).then(late);
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for a commit at most so many milliseconds, then rejects with `inbox.unavailable`. */
export function withCommitDeadline<Result>(commit: Promise<Result>, deadlineMs: number): Promise<Result> {
  return withDeadline(commit, deadlineMs, (): never => {
    throw new HooklineError('inbox.unavailable', { expected: `a commit within ${deadlineMs} ms`, got: 'none' });
  });
}
