/** Asked to stop by SIGINT or SIGTERM. */
export interface StopSignals {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
  /** Resolves at the first signal, with its name. */
  readonly stopped: Promise<NodeJS.Signals>;
}

/** Listens for SIGINT and SIGTERM; a second one ends the process at once, for those who cannot wait. */
export function listenForStop(): StopSignals {
  const controller = new AbortController();
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.on(name, () => {
        if (controller.signal.aborted) process.exit(130);
        controller.abort(new Error(`stopped by ${name}`));
        resolve(name);
      });
    }
  });
  return { signal: controller.signal, stopped };
}
