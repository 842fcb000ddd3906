import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../src/runtime/free-port.ts';
import { withoutOurs } from '../topology/environment.ts';
import { isOkAt, startProgram, type Program } from '../topology/program.ts';
import { toDrillSettings, toShopVariables, type DrillSecrets } from './drill-settings.ts';
import type { Vendors } from './vendors.ts';

/** The processes of ours in a drill. */
export const PROCESSES = ['ingress-1', 'ingress-2', 'worker-1', 'worker-2'] as const;

/** One of them. */
export type ProcessName = (typeof PROCESSES)[number];

/** Two ingresses and two workers, each of which can be ended and started again at its old ports. */
export interface DrillFleet {
  readonly ports: readonly number[];
  /** Ends one at once, as a power cut of its machine would. */
  kill(name: ProcessName): Promise<void>;
  /** Asks one to end, as a deploy does, and kills it after 20 s. */
  stop(name: ProcessName): Promise<void>;
  /** Starts one that does not run, and resolves when its `/readyz` says 200. */
  start(name: ProcessName): Promise<void>;
  /** What one finds in its environment, beside what all find there, from its next start on. */
  equip(name: ProcessName, env: Readonly<Record<string, string>>): void;
  /** Stops the clock of one (SIGSTOP), where it runs: its connections stay, and it notices nothing. */
  pause(name: ProcessName): Promise<void>;
  /** Lets one go on that was paused. */
  resume(name: ProcessName): Promise<void>;
  /** Which secrets of the shop each process accepts from its next start on, the newest first. */
  accept(secrets: readonly string[]): void;
  /** Whether `/readyz` of one says 200 now. */
  isReady(name: ProcessName): Promise<boolean>;
  /** Those that run and are ready, now. */
  pids(): readonly { readonly name: ProcessName; readonly pid: number }[];
  /** Those that ended and nobody had asked them to; each was started again, as a supervisor would. */
  readonly died: readonly string[];
  close(): Promise<void>;
}

/** Options of `startFleet`. */
export interface FleetOptions {
  /** Of settings files and logs. */
  readonly folder: string;
  /** The checkout whose sources are run. */
  readonly root: string;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly urls: Vendors['urls'];
  readonly secrets: DrillSecrets;
  readonly signal: AbortSignal;
}

const READY_MS = 120_000;
const STOP_MS = 20_000;

/** Starts all four. */
export async function startFleet(options: FleetOptions): Promise<DrillFleet> {
  const { folder, root, databaseUrl, temporalAddress, urls, signal } = options;
  const { SHOP_SECRET: key, ...secrets } = options.secrets;
  const running = new Map<ProcessName, Promise<Program>>();
  const ready = new Map<ProcessName, Program>();
  const died: string[] = [];
  let closing = false;
  let accepted: readonly string[] = [key.secret];
  const equipment = new Map<ProcessName, Readonly<Record<string, string>>>();
  const ports = new Map<ProcessName, { readonly ingress: number; readonly admin: number }>();
  for (const name of PROCESSES) {
    ports.set(name, { ingress: await freePort(), admin: await freePort() });
  }
  const portsOf = (name: ProcessName) => ports.get(name) ?? { ingress: 0, admin: 0 };
  const isReady = (name: ProcessName): Promise<boolean> => isOkAt(`http://127.0.0.1:${portsOf(name).admin}/readyz`);
  const launch = async (name: ProcessName): Promise<Program> => {
    const shop = accepted;
    const settings = toDrillSettings({ urls, temporalAddress, ports: portsOf(name), accepted: shop });
    await writeFile(join(folder, `${name}.yaml`), settings, { mode: 0o600 });
    return startProgram({
      name,
      command: process.execPath,
      args: [
        join(root, 'src/cli/hookline.ts'),
        '--config',
        join(folder, `${name}.yaml`),
        name.startsWith('ingress') ? 'ingress' : 'worker',
      ],
      env: { ...withoutOurs(process.env), ...secrets, ...toShopVariables(shop), DATABASE_URL: databaseUrl, ...equipment.get(name) },
      cwd: folder,
      logFile: join(folder, `${name}.log`),
      isReady: () => isReady(name),
      readyMs: READY_MS,
      stopMs: STOP_MS,
      signal,
      onDied: () => {
        died.push(name);
        running.delete(name);
        ready.delete(name);
        if (!closing) start(name).catch(() => {}); // whoever starts it next is told
      },
    });
  };
  const start = async (name: ProcessName): Promise<void> => {
    const starting = running.get(name) ?? launch(name);
    running.set(name, starting);
    try {
      ready.set(name, await starting);
    } catch (error) {
      running.delete(name);
      throw error;
    }
  };
  const end = async (name: ProcessName, how: 'kill' | 'close'): Promise<void> => {
    const program = await running.get(name);
    running.delete(name);
    ready.delete(name);
    await program?.[how]();
  };
  const fleet: DrillFleet = {
    ports: ['ingress-1' as const, 'ingress-2' as const].map((name) => portsOf(name).ingress),
    died,
    start,
    pids: () => [...ready].map(([name, { pid }]) => ({ name, pid })),
    pause: async (name) => (await running.get(name))?.pause(),
    resume: async (name) => (await running.get(name))?.resume(),
    accept(next) {
      accepted = next;
    },
    equip: (name, env) => void equipment.set(name, env),
    isReady,
    kill: (name) => end(name, 'kill'),
    stop: (name) => end(name, 'close'),
    async close() {
      closing = true;
      await Promise.allSettled(PROCESSES.map((name) => end(name, 'kill'))); // all has been judged, and nothing of it is kept
    },
  };
  const started = await Promise.allSettled(PROCESSES.map(start));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed === undefined) return fleet;
  await fleet.close();
  throw failed.reason;
}
