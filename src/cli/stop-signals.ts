/** Asked to stop by SIGINT or SIGTERM. */
export interface StopSignals {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
  /** Resolves at the first signal, with its name. */
  readonly stopped: Promise<NodeJS.Signals>;
}

/** Ctrl-C under npm reaches a process twice, from the terminal and from npm; within this time it is one wish. */
const ONE_WISH_MS = 1_500;

/**
 * Listens for SIGINT and SIGTERM; one that comes later again ends the process at once, for those who cannot wait, and the
 * next start clears up what it leaves behind.
 */
export function listenForStop(): StopSignals {
  const controller = new AbortController();
  let firstAt = 0;
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        if (!controller.signal.aborted) firstAt = performance.now();
        else if (performance.now() - firstAt > ONE_WISH_MS) process.exit(130);
        controller.abort(new Error(`stopped by ${name}`));
        resolve(name);
      });
    }
  });
  return { signal: controller.signal, stopped };
}
