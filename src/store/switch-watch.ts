import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../contracts/names.ts';
import type { Pool } from './pool.ts';
import { listSwitches, type SetSwitch } from './switches.ts';

/** What operators have stopped, as this process last saw it; at most a second or so old while PostgreSQL answers. */
export interface SwitchWatch {
  /** Never waits. What was read last stands while PostgreSQL cannot be read. */
  current(): readonly SetSwitch[];
  /** Reads no more, and resolves when no read is under way. */
  close(): Promise<void>;
}

/** Options of `watchSwitches`. */
export interface SwitchWatchOptions {
  readonly pool: Pool;
  readonly log: Log;
  /** From one read to the next, in milliseconds. @default 1,000 */
  readonly everyMs?: number | undefined;
}

/** Starts reading, and resolves once it has read, however often it must try: a process which starts held begins held. */
export async function watchSwitches({ pool, log, everyMs = 1_000 }: SwitchWatchOptions): Promise<SwitchWatch> {
  let switches: readonly SetSwitch[] = [];
  let failing = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  /** False where they cannot be read. */
  const read = async (): Promise<boolean> => {
    try {
      switches = await listSwitches(pool);
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ component: 'switches', err: error }, 'switches cannot be read; those read last stand');
      failing = true;
    }
    return !failing;
  };
  while (!(await read())) await sleep(everyMs);

  let reading: Promise<void> = Promise.resolve();
  const readLater = (): void => {
    if (!closed) timer = setTimeout(again, everyMs).unref();
  };
  const again = (): void => {
    reading = read().then(readLater);
  };
  readLater();

  return {
    current: () => switches,
    async close() {
      closed = true;
      clearTimeout(timer);
      await reading;
    },
  };
}
