import { HooklineError } from '../contracts/errors.ts';
import { toPostgresFailure } from './postgres-failure.ts';

/** Gathers what arrives while statements are under way, and writes it together. */
export interface GroupCommit<Item, Result> {
  /** Resolves after the commit of the item; rejects with `inbox.unavailable`, `inbox.full` or, once closed, `ingress.draining`. */
  add(item: Item): Promise<Result>;
  /** How many items have neither been resolved nor rejected. */
  waiting(): number;
  /** Takes nothing more, and resolves once all that waits is settled. */
  close(): Promise<void>;
}

/** What may wait, and what may go into one statement. */
export interface GroupCommitLimits {
  /** Most items of a statement. */
  readonly maxBatch: number;
  /** Most bytes of a statement, save for one item that is larger by itself. */
  readonly maxBatchBytes: number;
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
  /** Most statements under way at once. */
  readonly maxInFlight: number;
  /** An item that waits longer is rejected. If its statement is under way by then, it may still be committed. */
  readonly maxWaitMs: number;
}

/** Options of `createGroupCommit`. */
export interface GroupCommitOptions<Item, Result> {
  /**
   * Writes a batch in one statement, and settles each item, in order. When it throws, nothing is known to be committed; when
   * what it throws is about the data, the items are written again one by one, so that only the guilty one is rejected.
   */
  readonly write: (items: readonly Item[]) => Promise<readonly PromiseSettledResult<Result>[]>;
  readonly sizeBytes: (item: Item) => number;
  readonly limits: GroupCommitLimits;
  /** Told of each statement: what it threw, or `undefined`, how many items it held, and how long it took with its repetitions. */
  readonly onWritten: (failure: unknown, written: { readonly size: number; readonly durationMs: number }) => void;
  /** Calls `act` once so many milliseconds have passed, unless what it returns is called before. @default the system's timer */
  readonly after?: (ms: number, act: () => void) => () => void;
}

interface Entry<Item, Result> {
  readonly item: Item;
  readonly bytes: number;
  settled: boolean;
  settle(result: PromiseSettledResult<Result>): void;
}

const CONFLICT_TRIES = 5;

/** Makes a group commit: an item that is alone is written at once, those that meet share a statement. */
export function createGroupCommit<Item, Result>({
  write,
  sizeBytes,
  limits,
  onWritten,
  after = systemAfter,
}: GroupCommitOptions<Item, Result>): GroupCommit<Item, Result> {
  const queue: Entry<Item, Result>[] = [];
  let inFlight = 0;
  let waiting = 0;
  let waitingBytes = 0;
  let closed = false;
  const onIdle: (() => void)[] = [];

  const add = (item: Item): Promise<Result> => {
    const bytes = sizeBytes(item);
    if (closed) return Promise.reject(new HooklineError('ingress.draining'));
    if (waiting >= limits.maxWaiting || waitingBytes + bytes > limits.maxWaitingBytes)
      return Promise.reject(new HooklineError('inbox.full'));
    return new Promise<Result>((resolve, reject) => {
      const endImpatience = after(limits.maxWaitMs, () => {
        entry.settle(rejection({ got: `no commit within ${limits.maxWaitMs} ms` }));
        while (queue[0]?.settled === true) queue.shift(); // the oldest are the first: what nobody waits for any more frees its memory
      });
      const entry: Entry<Item, Result> = {
        item,
        bytes,
        settled: false,
        settle(result) {
          if (entry.settled) return;
          entry.settled = true;
          endImpatience();
          waiting -= 1;
          waitingBytes -= bytes;
          if (result.status === 'fulfilled') resolve(result.value);
          else reject(result.reason);
        },
      };
      waiting += 1;
      waitingBytes += bytes;
      queue.push(entry);
      pump();
    });
  };

  const pump = (): void => {
    while (inFlight < limits.maxInFlight && queue.length > 0) {
      inFlight += 1;
      void writeAndSettle(takeBatch(queue, limits)).finally(() => {
        inFlight -= 1;
        pump();
        if (inFlight === 0) for (const tell of onIdle.splice(0)) tell();
      });
    }
  };

  const writeAndSettle = async (entries: readonly Entry<Item, Result>[]): Promise<unknown> => {
    const startedAt = performance.now();
    const failure = await tryToSettle(entries);
    onWritten(failure, { size: entries.length, durationMs: performance.now() - startedAt });
    if (failure === undefined) return undefined;
    let down = toPostgresFailure(failure) === 'unavailable';
    for (const entry of entries) {
      if (down || entries.length === 1) entry.settle(rejection({ cause: failure }));
      else down = toPostgresFailure(await writeAndSettle([entry])) === 'unavailable';
    }
    return failure;
  };

  const tryToSettle = async (entries: readonly Entry<Item, Result>[]): Promise<unknown> => {
    for (let tries = 1; ; tries++) {
      try {
        const results = await write(entries.map(({ item }) => item));
        entries.forEach(({ settle }, index) => settle(results[index] ?? rejection({ got: 'no result of the statement' })));
        return undefined;
      } catch (error) {
        if (toPostgresFailure(error) !== 'conflict' || tries === CONFLICT_TRIES) return error;
      }
    }
  };

  return {
    add,
    waiting: () => waiting,
    close: async () => {
      closed = true;
      if (inFlight > 0) await new Promise<void>((resolve) => void onIdle.push(resolve));
    },
  };
}

function takeBatch<Item, Result>(
  queue: Entry<Item, Result>[],
  { maxBatch, maxBatchBytes }: GroupCommitLimits,
): readonly Entry<Item, Result>[] {
  let count = 0;
  let bytes = 0;
  for (const entry of queue) {
    bytes += entry.bytes;
    if (count > 0 && (count === maxBatch || bytes > maxBatchBytes)) break;
    count += 1;
  }
  return queue.splice(0, count);
}

function rejection(facts: { readonly got?: string; readonly cause?: unknown }): PromiseRejectedResult {
  return { status: 'rejected', reason: new HooklineError('inbox.unavailable', facts) };
}

function systemAfter(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}
