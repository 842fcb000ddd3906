/** Whether a server can be reached, asked again and again. */
export interface Probe {
  /** Since when it cannot be reached, as far as we know; null while it can. Before the first answer: since the probe was made. */
  downSince(): Date | null;
  /** Asks no more; resolves when no question is under way. */
  close(): Promise<void>;
}

/** Options of `createProbe`. */
export interface ProbeOptions {
  /** Rejects where the server is no use; must end by itself within a few seconds. */
  readonly check: () => Promise<unknown>;
  /** How long after an answer it is asked again, in milliseconds. @default 1,000 */
  readonly everyMs?: number;
  readonly now: () => Date;
}

/** Starts asking at once. */
export function createProbe({ check, everyMs = 1_000, now }: ProbeOptions): Probe {
  let since: Date | null = now();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const ask = async (): Promise<void> => {
    const failed = await check().then(
      () => false,
      () => true,
    );
    since = failed ? (since ?? now()) : null;
    if (!closed) timer = setTimeout(again, everyMs).unref();
  };
  const again = (): void => {
    asking = ask();
  };
  let asking = ask();

  return {
    downSince: () => since,
    async close() {
      closed = true;
      clearTimeout(timer);
      await asking;
    },
  };
}
