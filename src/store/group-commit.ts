import { HooklineError } from '../contracts/errors.ts';
import type { ErrorCode } from '../contracts/errors.ts';
import { toPostgresFailure } from './postgres-failure.ts';

/** Gathers what arrives while statements are under way, and writes it together. */
export interface GroupCommit<Item, Result> {
  /** Resolves after the commit of the item; rejects with `inbox.unavailable` or `inbox.full`. */
  add(item: Item): Promise<Result>;
  /** How many items have neither been resolved nor rejected. */
  waiting(): number;
  /** Takes nothing more, and resolves once all that waits is settled. */
  close(): Promise<void>;
}

/** Options of `createGroupCommit`. */
export interface GroupCommitOptions<Item, Result> {
  /**
   * Writes a batch in one statement, and settles each item in order. When it throws, nothing is known to be committed; when
   * what it throws is about the data, the items are written again one by one.
   */
  readonly write: (items: readonly Item[]) => Promise<readonly PromiseSettledResult<Result>[]>;
  readonly sizeBytes: (item: Item) => number;
  readonly maxBatch: number;
  readonly maxBatchBytes: number;
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
  /** Most statements under way at once. */
  readonly maxInFlight: number;
  /** How long an item may wait before it is rejected; it may still be committed afterwards. */
  readonly maxWaitMs: number;
  /** Told of each batch that failed as a whole, and of each that went well. */
  readonly onBatch: (failure: unknown) => void;
}

interface Entry<Item, Result> {
  readonly item: Item;
  readonly bytes: number;
  readonly settle: (result: PromiseSettledResult<Result>) => void;
}

const CONFLICT_TRIES = 5;

/** Makes a group commit: one item that is alone is written at once, many that meet share a statement. */
export function createGroupCommit<Item, Result>(options: GroupCommitOptions<Item, Result>): GroupCommit<Item, Result> {
  const { maxBatch, maxBatchBytes, maxWaiting, maxWaitingBytes, maxInFlight, maxWaitMs } = options;
  const queue: Entry<Item, Result>[] = [];
  let inFlight = 0;
  let waiting = 0;
  let waitingBytes = 0;
  let closed = false;
  let tellEmpty: (() => void) | undefined;

  const pump = (): void => {
    while (inFlight < maxInFlight && queue.length > 0) {
      inFlight += 1;
      void writeBatch(takeBatch()).then(() => {
        inFlight -= 1;
        pump();
        if (inFlight === 0) tellEmpty?.();
      });
    }
  };

  const takeBatch = (): readonly Entry<Item, Result>[] => {
    let count = 0;
    let bytes = 0;
    for (const entry of queue) {
      bytes += entry.bytes;
      if (count > 0 && (count === maxBatch || bytes > maxBatchBytes)) break;
      count += 1;
    }
    return queue.splice(0, count);
  };

  const writeBatch = async (entries: readonly Entry<Item, Result>[]): Promise<void> => {
    try {
      const results = await writeThroughConflicts(entries.map(({ item }) => item));
      entries.forEach(({ settle }, index) => settle(results[index] ?? rejection('inbox.unavailable', undefined)));
      options.onBatch(undefined);
    } catch (error) {
      options.onBatch(error);
      if (entries.length === 1 || toPostgresFailure(error) === 'unavailable') {
        for (const { settle } of entries) settle(rejection('inbox.unavailable', error));
      } else {
        for (const entry of entries) await writeBatch([entry]);
      }
    }
  };

  const writeThroughConflicts = async (items: readonly Item[]): Promise<readonly PromiseSettledResult<Result>[]> => {
    for (let tries = 1; ; tries++) {
      try {
        return await options.write(items);
      } catch (error) {
        if (toPostgresFailure(error) !== 'conflict' || tries === CONFLICT_TRIES) throw error;
      }
    }
  };

  return {
    add: (item) =>
      new Promise<Result>((resolve, reject) => {
        const bytes = options.sizeBytes(item);
        if (closed) return reject(new HooklineError('ingress.draining'));
        if (waiting >= maxWaiting || waitingBytes + bytes > maxWaitingBytes) return reject(new HooklineError('inbox.full'));
        waiting += 1;
        waitingBytes += bytes;
        // rejects the caller only: the item keeps its room until its statement has ended
        const impatience = setTimeout(() => reject(new HooklineError('inbox.unavailable', { got: `no commit within ${maxWaitMs} ms` })), maxWaitMs);
        const settle = (result: PromiseSettledResult<Result>): void => {
          clearTimeout(impatience);
          waiting -= 1;
          waitingBytes -= bytes;
          if (result.status === 'fulfilled') resolve(result.value);
          else reject(result.reason);
        };
        queue.push({ item, bytes, settle });
        pump();
      }),
    waiting: () => waiting,
    close: async () => {
      closed = true;
      if (inFlight > 0) await new Promise<void>((resolve) => (tellEmpty = resolve));
    },
  };
}

function rejection(code: ErrorCode, cause: unknown): PromiseRejectedResult {
  return { status: 'rejected', reason: new HooklineError(code, { cause }) };
}
