import type { ProcessName } from '../../../scripts/drill/drill-fleet.ts';
import type { Disturbance } from '../../../scripts/drill/drill-plan.ts';
import { createSenderKey, type SenderKey } from '../../../scripts/drill/faults/sender-key.ts';
import type { Random } from '../../../scripts/drill/random.ts';
import { createMood } from '../../../scripts/drill/vendor-mood.ts';
import { VENDORS } from '../../../scripts/drill/vendors.ts';

const LINE_FAULTS = ['slow', 'silent', 'dropping'];

/** What a fault works on, without a server: it remembers what is broken, and fails where something is broken twice. */
export interface FakeWorld {
  readonly disturbance: Disturbance;
  /** What is broken now, in words. */
  broken(): readonly string[];
  /** Everything that was ever broken. */
  readonly everBroken: ReadonlySet<string>;
  /** What each clock was set to, in seconds. */
  readonly clocks: readonly { readonly name: string; readonly offsetS: number }[];
  /** How long each wait was to be, in milliseconds. */
  readonly waitsMs: readonly number[];
  readonly notes: readonly string[];
  readonly key: SenderKey;
  /** Secrets that each process which runs accepts. */
  readonly accepting: ReadonlyMap<ProcessName, readonly string[]>;
}

/** Options of `createFakeWorld`. */
export interface FakeWorldOptions {
  readonly random: Random;
  /** Stands for the time that passes. */
  readonly wait: (ms: number) => Promise<void>;
  readonly isOver?: () => boolean;
  /** Told after each act of a fault. */
  readonly onAct?: (world: FakeWorld) => void;
}

/** Makes a world in which all is well. */
export function createFakeWorld({ random, wait, isOver = () => false, onAct = () => {} }: FakeWorldOptions): FakeWorld {
  const now = new Set<string>();
  const everBroken = new Set<string>();
  const clocks: { name: string; offsetS: number }[] = [];
  const waitsMs: number[] = [];
  const notes: string[] = [];
  const key = createSenderKey('first');
  let accepted: readonly string[] = ['first'];
  const accepting = new Map<ProcessName, readonly string[]>();
  for (const name of ['ingress-1', 'ingress-2', 'worker-1', 'worker-2'] as const) accepting.set(name, accepted);
  const moods = Object.fromEntries(VENDORS.map((name) => [name, createMood()]));

  const spoil = (what: string): void => {
    if (now.has(what)) throw new Error(`${what} twice`);
    now.add(what);
    everBroken.add(what);
    onAct(world);
  };
  const mend = (...whats: readonly string[]): void => {
    for (const what of whats) now.delete(what);
    onAct(world);
  };
  const server = (name: string) => ({
    crash: async () => spoil(`${name} away`),
    start: async () => mend(`${name} away`),
    pause: () => spoil(`${name} paused`),
    resume: () => mend(`${name} paused`),
  });
  const end = async (name: ProcessName): Promise<void> => {
    accepting.delete(name);
    spoil(`${name} away`);
  };
  const stack = {
    postgres: server('postgres'),
    temporal: server('temporal'),
    vendors: { moods },
    network: {
      break(line: string, fault: string) {
        if (LINE_FAULTS.some((other) => now.has(`${line} ${other}`))) throw new Error(`${line} is broken already`);
        spoil(`${line} ${fault}`);
      },
      cut: (line: string) => void everBroken.add(`${line} cut`),
      mend: (line: string) => mend(...LINE_FAULTS.map((fault) => `${line} ${fault}`)),
    },
    fleet: {
      kill: end,
      stop: end,
      async start(name: ProcessName) {
        accepting.set(name, accepted);
        mend(`${name} away`);
      },
      pause: async (name: ProcessName) => spoil(`${name} paused`),
      resume: async (name: ProcessName) => mend(`${name} paused`),
      equip: (name: ProcessName, env: object) => (Object.keys(env).length > 0 ? spoil : mend)(`${name} equipped`),
      accept: (secrets: readonly string[]) => void (accepted = secrets),
      isReady: async () => false,
    },
    secrets: { SHOP_SECRET: key },
    pool: { query: () => Promise.reject(new Error('no space')) },
    disk: () => ({ fill: async () => spoil('disk full'), free: async () => mend('disk full') }),
    async wrongClock(name: string, offsetS: number) {
      clocks.push({ name, offsetS });
      return { env: { LD_PRELOAD: 'lib' }, set: async (next: number) => void clocks.push({ name, offsetS: next }) };
    },
  };
  const disturbance = {
    stack,
    load: { burst: () => void everBroken.add('a burst') },
    random,
    note: (what: string) => void notes.push(what),
    async wait(ms: number) {
      waitsMs.push(ms);
      await wait(ms);
    },
    isOver,
  } as unknown as Disturbance; // a fault uses nothing else of it
  const world: FakeWorld = {
    disturbance,
    broken: () => [
      ...now,
      ...VENDORS.filter((name) => Object.keys(moods[name]?.odds ?? {}).length > 0).map((name) => `${name} in a bad mood`),
    ],
    everBroken,
    clocks,
    waitsMs,
    notes,
    key,
    accepting,
  };
  return world;
}
