import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A wrong clock for one process: what the process is to be started with, and how it is set meanwhile. */
export interface WrongClock {
  /** Beside the process's own environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Sets it this far ahead of the right one, or behind it; the process sees the jump within a second. */
  set(offsetS: number): Promise<void>;
}

/**
 * Makes a clock that is wrong by `offsetS`, by libfaketime. Only the time of day is wrong: durations and timers stay right, as they do
 * where an operator or NTP sets a clock.
 */
export async function createWrongClock({
  library,
  folder,
  name,
  offsetS,
}: {
  readonly library: string;
  readonly folder: string;
  readonly name: string;
  readonly offsetS: number;
}): Promise<WrongClock> {
  const file = join(folder, `${name}.clock`);
  const set = async (seconds: number): Promise<void> => {
    await writeFile(`${file}.new`, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}s\n`);
    await rename(`${file}.new`, file);
  };
  await set(offsetS);
  return {
    env: { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_CACHE_DURATION: '1', DONT_FAKE_MONOTONIC: '1' },
    set,
  };
}
