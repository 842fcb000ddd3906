/** What call keys need of AsyncLocalStorage: the sandbox has one of its own, plain Node another. */
export interface BranchStorage {
  getStore(): Branch | undefined;
  run<Result>(branch: Branch, fn: () => Result): Result;
}

/** Where in a chain a call stands. */
export interface Branch {
  /** `''` at the top, `0.1/` in the second branch of the first `all`. */
  readonly path: string;
  /** How often each action was called in this branch. */
  readonly calls: Map<string, number>;
  /** How many `all` were entered in this branch. */
  alls: number;
  /** In an undo: the counts at its registration, which name the calls that it undoes. */
  readonly undoing?: ReadonlyMap<string, number>;
}

/** Gives every call of an action a key that is the same in each attempt of the run. */
export interface CallKeys {
  /** The key of a call: how often this branch has called the action before. */
  forAction(action: string): string;
  /** The key of a call that undoes `target`: the one that `target` had, or will have, where the undo was registered. */
  forUndo(target: string): string;
  /** Enters branch `index` of the `all` numbered by `enterAll`. */
  inBranch<Result>(all: string, index: number, fn: () => Result): Result;
  /** Numbers an `all` of this branch. */
  enterAll(): string;
  /** Remembers this place for an undo, and gives back a function that runs one as if it stood here. */
  forLater(ordinal: number): <Result>(fn: () => Result) => Result;
}

/**
 * Counts calls per branch, because branches resume in the order of completion, which may differ between attempts, while the
 * order within one branch may not.
 */
export function createCallKeys(storage: BranchStorage): CallKeys {
  const top: Branch = { path: '', calls: new Map(), alls: 0 };
  const here = (): Branch => storage.getStore() ?? top;

  return {
    forAction(action) {
      const { path, calls } = here();
      const occurrence = calls.get(action) ?? 0;
      calls.set(action, occurrence + 1);
      return `${path}${occurrence}`;
    },
    forUndo(target) {
      const { path, calls, undoing } = here();
      const occurrence = undoing === undefined ? Math.max((calls.get(target) ?? 0) - 1, 0) : (undoing.get(target) ?? 0);
      return `${undoing === undefined ? path : undoPath(path)}${occurrence}`;
    },
    enterAll() {
      const branch = here();
      branch.alls += 1;
      return `${branch.path}${branch.alls - 1}`;
    },
    inBranch: (all, index, fn) => storage.run({ path: `${all}.${index}/`, calls: new Map(), alls: 0 }, fn),
    forLater(ordinal) {
      const { path, calls } = here();
      const undoing = new Map(calls);
      return (fn) => storage.run({ path: `${path}undo${ordinal}/`, calls: new Map(), alls: 0, undoing }, fn);
    },
  };
}

/** The path of the branch that had registered the undo. */
function undoPath(path: string): string {
  return path.replace(/undo\d+\/$/, '');
}
