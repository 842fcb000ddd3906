/** What can be ended. */
export interface Closable {
  close(): Promise<void>;
}

/** Parts that start side by side and end in order. */
export interface Parts {
  /** Takes a part that is about to be there; parts of a higher level end first, those of one level together. */
  add<Part extends Closable>(level: number, starting: Promise<Part>): Promise<Part>;
  /** Resolves when every part that was added is there; when one fails, rejects with its error once all have settled. */
  ready(): Promise<void>;
  /** Ends everything that is there; goes on past a part that fails to end, and rejects with its error at last. */
  close(): Promise<void>;
}

/** Makes an empty list of parts. `onFailure` is told at once when a part fails to start, so that others can be given up. */
export function createParts(onFailure: () => void): Parts {
  const starts: Promise<unknown>[] = [];
  const running: { readonly level: number; readonly part: Closable }[] = [];
  return {
    async add(level, starting) {
      starts.push(starting);
      try {
        const part = await starting;
        running.push({ level, part });
        return part;
      } catch (error) {
        onFailure();
        throw error;
      }
    },
    async ready() {
      for (let known = -1; known !== starts.length;) {
        known = starts.length;
        await Promise.allSettled(starts);
      }
      await Promise.all(starts);
    },
    async close() {
      await Promise.allSettled(starts);
      const levels = [...new Set(running.map(({ level }) => level))].sort((a, b) => b - a);
      const failures: unknown[] = [];
      for (const level of levels) {
        const ended = await Promise.allSettled(running.filter((one) => one.level === level).map(({ part }) => part.close()));
        failures.push(...ended.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : [])));
      }
      running.splice(0);
      if (failures.length > 0) throw failures[0];
    },
  };
}
