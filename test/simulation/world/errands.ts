import type { World } from './world.ts';

/** What is under way between processes and servers, whoever still waits for it. */
export interface Errands {
  /** Acts at a server after so much time, whatever becomes of who has asked for it. */
  later(ms: number, act: () => void): void;
  /** A request that a process waits for; once the world has ended, it is rejected. */
  carry<Result>(begin: (resolve: (result: Result) => void, reject: (error: unknown) => void) => void): Promise<Result>;
  /** How many acts at servers are still to come. */
  count(): number;
  /** Ends the world: rejects all that is waited for, and all that comes, so that no promise and no timer is left. */
  end(): void;
}

/** Makes them. */
export function createErrands(world: World): Errands {
  const open = new Set<(error: Error) => void>();
  let coming = 0;
  let isOver = false;
  return {
    later(ms, act) {
      coming += 1;
      world.after(ms, () => {
        coming -= 1;
        act();
      });
    },
    carry: (begin) =>
      new Promise((resolve, reject) => {
        if (isOver) return reject(new Error('the world has ended'));
        open.add(reject);
        begin(
          (result) => {
            open.delete(reject);
            resolve(result);
          },
          (error) => {
            open.delete(reject);
            reject(error instanceof Error ? error : new Error(String(error)));
          },
        );
      }),
    count: () => coming,
    end() {
      isOver = true;
      for (const reject of open) reject(new Error('the world has ended'));
      open.clear();
    },
  };
}
