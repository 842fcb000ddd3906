import type { Log } from '../contracts/names.ts';
import type { ReadHeld, ReleasedBatch, ReleasedEvent } from '../store/held-events.ts';
import { FIRST_EVENT, releaseHeld } from '../store/held-events.ts';
import type { Pool } from '../store/pool.ts';
import type { SetSwitch } from '../store/switches.ts';
import type { RunStarter } from './receive.ts';
import { createReleaseTurns } from './release-turns.ts';
import { toSafeError } from './safe-error.ts';

/** Routes held events once no hold covers them any more. */
export interface Releaser {
  /** Begins no further batch, and resolves when the one under way is written. */
  close(): Promise<void>;
}

/** What a releaser works with. */
export interface ReleaserOptions {
  /** Of which it takes one connection, while there is something to release. */
  readonly pool: Pool;
  /** What operators have stopped, as this process last saw it: tells when to look, and never what may be released. */
  readonly switches: () => readonly SetSwitch[];
  readonly read: ReadHeld;
  readonly starter: RunStarter;
  readonly log: Log;
  readonly now: () => Date;
  /** From one glance at the switches to the next, in milliseconds. @default 1,000 */
  readonly everyMs?: number | undefined;
  /** Most events of a batch. @default 100 */
  readonly batch?: number | undefined;
}

/**
 * Starts looking at once. What may be released PostgreSQL decides, batch by batch, by the switches that are set at that moment; any
 * number of ingresses share the work, and one that is killed leaves its batch as it was, for the others or for its successor.
 */
export function createReleaser({ pool, switches, read, starter, log, now, everyMs = 1_000, batch = 100 }: ReleaserOptions): Releaser {
  const turns = createReleaseTurns(everyMs);
  let closing = false;
  let failing = false;

  const glance = async (): Promise<void> => {
    if (!turns.isDue(switches(), now().getTime())) return;
    try {
      turns.looked(await releaseAll(), now().getTime());
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ component: 'releaser', err: toSafeError(error) }, 'held events cannot be released now; it is tried again');
      failing = true;
    }
  };

  /** Batch after batch from the oldest on, and once more from there, for what others have given back meanwhile; tells whether there was any. */
  async function releaseAll(): Promise<boolean> {
    let found = false;
    for (let after: string | null = FIRST_EVENT; after !== null && !closing;) {
      const one: ReleasedBatch = await releaseHeld(pool, { after, limit: batch, read });
      found ||= one.last !== null;
      if (one.released.length > 0) tell(one.released);
      after = one.last ?? (after === FIRST_EVENT ? null : FIRST_EVENT);
    }
    return found;
  }

  function tell(released: readonly ReleasedEvent[]): void {
    if (released.some(({ state }) => state === 'routed')) starter.nudge();
    for (const { uuid, source, eventId, failure } of released)
      if (failure !== undefined)
        log.error(
          { component: 'releaser', source, event_id: eventId, event_uuid: uuid, err: toSafeError(failure) },
          'held event not released',
        );
    const quarantined = released.filter(({ state }) => state === 'quarantined').length;
    log[quarantined === 0 ? 'info' : 'warn']({ component: 'releaser', count: released.length, quarantined }, 'held events released');
  }

  let glancing: Promise<void> | null = null;
  const turn = (): void => {
    glancing ??= glance().finally(() => {
      glancing = null;
    });
  };
  const timer = setInterval(turn, everyMs);
  turn();

  return {
    async close() {
      closing = true;
      clearInterval(timer);
      await glancing;
    },
  };
}
