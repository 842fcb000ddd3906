import { HooklineError } from '../contracts/errors.ts';

/**
 * Waits for work at most so many milliseconds, then rejects with `inbox.unavailable`. The work itself goes on; what it comes
 * to afterwards is nobody's business here, and its late rejection is not unhandled.
 */
export async function withDeadline<Result>(work: Promise<Result>, deadlineMs: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new HooklineError('inbox.unavailable', { expected: `a commit within ${deadlineMs} ms`, got: 'none' })),
      deadlineMs,
    );
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    clearTimeout(timer);
  }
}
