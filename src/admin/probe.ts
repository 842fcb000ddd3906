/** Whether a server can be reached, asked again and again. */
export interface Probe {
  /** Since when it cannot be reached, as far as we know; null while it can. Before the first answer: since the probe was made. */
  downSince(): Date | null;
  /** Why, in a few words; null while it can. */
  reason(): string | null;
  /** Since when it answers that it has too much to do; null where it has not for 10 s. */
  strainedSince(): Date | null;
  /** Asks no more; resolves when no question is under way. */
  close(): Promise<void>;
}

/** Options of `createProbe`. */
export interface ProbeOptions {
  /** Rejects where the server is no use; must end by itself within a few seconds. */
  readonly check: () => Promise<unknown>;
  /** Why it is no use, by what `check` has thrown. */
  readonly toReason: (error: unknown) => string;
  /** Whether what `check` has thrown is an answer all the same: that it has too much to do. @default it never is */
  readonly isStrain?: (error: unknown) => boolean;
  /** How long after an answer it is asked again, in milliseconds. @default 1,000 */
  readonly everyMs?: number;
  readonly now: () => Date;
}

/** For how long one such answer counts. */
const STRAIN_MS = 10_000;

/** Starts asking at once. */
export function createProbe({ check, toReason, isStrain = () => false, everyMs = 1_000, now }: ProbeOptions): Probe {
  let since: Date | null = now();
  let reason: string | null = 'it has not answered yet';
  let strain: { readonly since: Date; readonly last: Date } | null = null;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const ask = async (): Promise<void> => {
    try {
      await check();
      since = null;
    } catch (error) {
      const isStrained = isStrain(error);
      if (isStrained) strain = { since: strain?.since ?? now(), last: now() };
      else reason = toReason(error);
      since = isStrained ? null : (since ?? now());
    }
    if (strain !== null && now().getTime() - strain.last.getTime() >= STRAIN_MS) strain = null;
    if (!closed) timer = setTimeout(again, everyMs).unref();
  };
  const again = (): void => {
    asking = ask();
  };
  let asking = ask();

  return {
    downSince: () => since,
    reason: () => (since === null ? null : reason),
    strainedSince: () => strain?.since ?? null,
    async close() {
      closed = true;
      clearTimeout(timer);
      await asking;
    },
  };
}
