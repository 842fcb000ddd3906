import { setTimeout as sleep } from 'node:timers/promises';
import type { RunState } from '../contracts/webhook.ts';

/** An event as an answer names it. */
export interface WaitedEvent {
  readonly source: string;
  readonly eventId: string;
}

/** An event whose runs can be waited for. */
export interface RunningEvent extends WaitedEvent {
  readonly runs: readonly { readonly state: RunState }[];
}

/** Options of `waitForRuns`. */
export interface WaitOptions<Event extends RunningEvent> {
  /** Finds the events that an id may mean. */
  readonly events: { readonly find: (eventId: string) => Promise<readonly Event[]> };
  readonly wanted: readonly WaitedEvent[];
  readonly timeoutMs: number;
  /** Told from the third second on, once a second, how many events still have an open run. */
  readonly onProgress: (open: number, elapsedS: number) => void;
  /** Ends the waiting; what was seen by then is returned. */
  readonly signal?: AbortSignal | undefined;
}

const POLL_MS = 150;
const PROGRESS_AFTER_S = 2;

/**
 * Waits until every run of the events has closed, and returns the events as they were seen last, in the order that was asked
 * for; when the time is over, as they stand. An event that cannot be found is left out.
 */
export async function waitForRuns<Event extends RunningEvent>({
  events,
  wanted,
  timeoutMs,
  onProgress,
  signal,
}: WaitOptions<Event>): Promise<readonly Event[]> {
  const startedAt = performance.now();
  const seen = new Map<WaitedEvent, Event>();
  let open = [...wanted];
  let toldS = PROGRESS_AFTER_S;
  for (;;) {
    for (const one of open) {
      const found = (await events.find(one.eventId)).find(({ source, eventId }) => source === one.source && eventId === one.eventId);
      if (found !== undefined) seen.set(one, found);
      const elapsedS = Math.floor((performance.now() - startedAt) / 1_000);
      if (elapsedS > toldS) {
        toldS = elapsedS;
        onProgress(open.filter((each) => !isClosed(seen.get(each))).length, elapsedS);
      }
    }
    open = open.filter((one) => !isClosed(seen.get(one)));
    const isOver = performance.now() - startedAt > timeoutMs || signal?.aborted === true;
    if (open.length === 0 || isOver) return wanted.flatMap((one) => seen.get(one) ?? []);
    await sleep(POLL_MS, undefined, { signal }).catch(() => {}); // aborted: the next look is the last
  }
}

/** Whether nothing of an event is under way any more. */
export function isClosed(event: Pick<RunningEvent, 'runs'> | undefined): boolean {
  return event !== undefined && event.runs.every(({ state }) => state === 'done' || state === 'failed' || state === 'stopped');
}

/** Whether an event has led to runs, and every one of them is done. */
export function isDone(event: Pick<RunningEvent, 'runs'> | undefined): boolean {
  return event !== undefined && event.runs.length > 0 && event.runs.every(({ state }) => state === 'done');
}
