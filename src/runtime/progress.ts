/** One sign of life of something that takes more than a moment. */
export interface ProgressEvent {
  /** What is being done, as a phrase: "downloading the Temporal CLI". */
  readonly what: string;
  /** How much has arrived, where bytes arrive. */
  readonly megabytes?: number;
  readonly elapsedS: number;
}

/** Where signs of life go: a terminal line, a log. */
export type Progress = (event: ProgressEvent) => void;

/** A piece of work that shows life. */
export interface WatchedWork<Result> {
  readonly what: string;
  readonly progress: Progress;
  /** How many bytes have arrived so far. */
  readonly bytes?: () => number | Promise<number>;
  /** @default 1,000 */
  readonly everyMs?: number;
  /** Milliseconds of any clock. @default the monotonic one */
  readonly now?: () => number;
  readonly run: () => Promise<Result>;
}

/** Does the work and reports on it, once at its start and then every second until it has ended. */
export async function withProgress<Result>({
  what,
  progress,
  bytes,
  everyMs = 1_000,
  now = () => performance.now(),
  run,
}: WatchedWork<Result>): Promise<Result> {
  const startedAt = now();
  let measuring = false;
  const report = async (): Promise<void> => {
    if (measuring) return; // a slow measure must not pile up
    measuring = true;
    const arrived = await bytes?.();
    measuring = false;
    const elapsedS = Math.floor((now() - startedAt) / 1000);
    progress(arrived === undefined ? { what, elapsedS } : { what, elapsedS, megabytes: Math.floor(arrived / 1e6) });
  };
  progress({ what, elapsedS: 0 });
  const timer = setInterval(() => void report().catch(() => {}), everyMs); // progress must never end the work
  try {
    return await run();
  } finally {
    clearInterval(timer);
  }
}

/** A sign of life as one line: `downloading the Temporal CLI … 31 MB, 4 s`. */
export function toProgressLine({ what, megabytes, elapsedS }: ProgressEvent): string {
  const facts = [megabytes === undefined ? '' : `${megabytes} MB`, elapsedS === 0 ? '' : `${elapsedS} s`].filter((fact) => fact !== '');
  return facts.length === 0 ? `${what} …` : `${what} … ${facts.join(', ')}`;
}
