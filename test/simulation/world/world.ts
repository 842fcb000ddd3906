/** One process of the product: what it has asked for comes back to it, unless it is dead, and while it is stopped not yet. */
export interface Host {
  readonly name: string;
  isDead: boolean;
  isStopped: boolean;
}

/** Simulated time: everything that happens is an act at a time, one after the other, and chance is a seed's. */
export interface World {
  now(): number;
  /** At least 0, less than 1. */
  random(): number;
  /** A whole number of milliseconds from `least` to `most`. */
  between(least: number, most: number): number;
  /** True with a probability. */
  chance(probability: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** Acts once so much time has passed; for a host not while that is stopped, and never once it is dead. Returns what calls it off. */
  after(ms: number, act: () => void, host?: Host): () => void;
  /** Lets time pass until `isOver`, asked between acts; resolves to false where it is not within the limits. */
  run(isOver: () => boolean, limits: { readonly untilMs: number; readonly acts: number }): Promise<boolean>;
  /** Lets a stopped host go on: what it has missed comes now. */
  resume(host: Host): void;
}

interface Act {
  at: number;
  readonly order: number;
  readonly act: () => void;
  readonly host: Host | undefined;
  isOff: boolean;
}

/** Makes a world that begins at a time, in milliseconds. */
export function createWorld({ seed, startMs }: { readonly seed: number; readonly startMs: number }): World {
  const random = createRandom(seed);
  const queue = createQueue();
  const missed = new Map<Host, Act[]>();
  let now = startMs;
  let order = 0;

  const between = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));

  const next = (): Act | undefined => {
    for (;;) {
      const act = queue.take();
      if (act === undefined) return undefined;
      if (act.isOff || act.host?.isDead === true) continue;
      if (act.host?.isStopped !== true) return act;
      missed.set(act.host, [...(missed.get(act.host) ?? []), act]);
    }
  };

  return {
    now: () => now,
    random,
    between,
    chance: (probability) => random() < probability,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
    after(ms, act, host) {
      const entry: Act = { at: now + ms, order: (order += 1), act, host, isOff: false };
      queue.add(entry);
      return () => {
        entry.isOff = true;
      };
    },
    async run(isOver, { untilMs, acts }) {
      for (let count = 0; count < acts; count++) {
        if (isOver()) return true;
        const act = next();
        if (act === undefined || act.at > untilMs) return isOver();
        now = Math.max(now, act.at);
        act.act();
        if (act.host !== undefined) await settled();
      }
      return false;
    },
    resume(host) {
      host.isStopped = false;
      for (const act of missed.get(host) ?? []) {
        act.at = now;
        queue.add(act);
      }
      missed.delete(host);
    },
  };
}

/** Resolves once every promise that can go on has done so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A number from 0 up to 1 for each call, the same ones for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A heap: the earliest first, of equal times the one that was added first. */
function createQueue(): { add(act: Act): void; take(): Act | undefined } {
  const heap: Act[] = [];
  const isBefore = (a: Act, b: Act): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
  return {
    add(act) {
      let at = heap.length;
      heap.push(act);
      for (let up = heap[(at - 1) >> 1]; at > 0 && up !== undefined && isBefore(act, up); up = heap[(at - 1) >> 1]) {
        heap[at] = up;
        at = (at - 1) >> 1;
      }
      heap[at] = act;
    },
    take() {
      const [first] = heap;
      const last = heap.pop();
      if (first === undefined || last === undefined || heap.length === 0) return first;
      let at = 0;
      for (;;) {
        const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
        if (left === undefined) break;
        const isRight = right !== undefined && isBefore(right, left);
        const child = isRight ? right : left;
        if (!isBefore(child, last)) break;
        heap[at] = child;
        at = 2 * at + (isRight ? 2 : 1);
      }
      heap[at] = last;
      return first;
    },
  };
}
