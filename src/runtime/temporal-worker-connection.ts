import { setTimeout as sleep } from 'node:timers/promises';

import { NativeConnection } from '@temporalio/worker';

import type { Log } from '../contracts/names.ts';
import { resolveTemporal, type TemporalAddress, type TemporalTarget } from './temporal-client.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
const LOG_EVERY_MS = 10_000;

/** Options of `connectWorker`. */
export interface ConnectWorkerOptions {
  readonly target: TemporalTarget;
  readonly log: Log;
  /** Ends the waiting; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Milliseconds of any clock. @default the monotonic one */
  readonly now?: () => number;
}

/**
 * A worker's connection, as soon as Temporal can be reached: the SDK tries once only, so a worker that boots before Temporal
 * would never work. Tries again after 0.25 s, then at growing pauses of up to 5 s, and says so every 10 s.
 */
export async function connectWorker({
  target,
  log,
  signal,
  now = () => performance.now(),
}: ConnectWorkerOptions): Promise<NativeConnection> {
  const { address, options } = resolveTemporal(target);
  let loggedAt = -Infinity;
  for (let attempt = 1, pauseMs = FIRST_PAUSE_MS; ; attempt++, pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    signal?.throwIfAborted();
    try {
      const connection = await connect(options, signal);
      if (attempt > 1) log.info({ component: 'worker', address, attempt }, 'Temporal is reached');
      return connection;
    } catch (err) {
      signal?.throwIfAborted();
      if (now() - loggedAt >= LOG_EVERY_MS) {
        log.warn({ component: 'worker', address, attempt, code: 'temporal.unavailable', err }, 'Temporal cannot be reached; trying again');
        loggedAt = now();
      }
    }
    await sleep(pauseMs, undefined, signal === undefined ? {} : { signal }).catch(() => {}); // an abort: told above, by its own reason
  }
}

/** One try. The SDK cannot give one up, so after an abort its late connection is closed. */
async function connect(options: TemporalAddress['options'], signal: AbortSignal | undefined): Promise<NativeConnection> {
  const connecting = NativeConnection.connect(options);
  if (signal === undefined) return connecting;
  let abort = (): void => {};
  const aborted = new Promise<void>((resolve) => {
    abort = () => resolve();
  });
  signal.addEventListener('abort', abort, { once: true });
  try {
    const first = await Promise.race([connecting, aborted]);
    if (first !== undefined) return first;
    void connecting.then((late) => late.close()).catch(() => {}); // nobody waits for it any more
    throw signal.reason;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
