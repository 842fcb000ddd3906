import { createParts } from '../../src/runtime/parts.ts';
import { environmentOf, stopMsOf, type ComposeProcess } from './compose.ts';
import { toSourceSecrets } from './environment.ts';
import { runSetup, startHooklineProcess, type HooklineProgram } from './hookline-process.ts';
import { substitute } from './substitute.ts';

/** Our own processes, by the names of compose, replicas numbered. */
export interface Fleet {
  names(): readonly string[];
  /** Where an ingress listens; the same after a restart. */
  portOf(name: string): number;
  /** Where its listener for operators is. */
  adminUrlOf(name: string): string;
  /** What it is started with. */
  environmentOf(name: string): Readonly<Record<string, string | undefined>>;
  /** Ends one at once, as a power cut of its machine would. */
  kill(name: string): Promise<void>;
  /** Starts one again that was killed, at its old ports. */
  restart(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Options of `createFleet`. */
export interface FleetOptions {
  readonly processes: readonly ComposeProcess[];
  /** Host and port of both servers, in place of their names in compose. */
  readonly servers: { readonly database: string; readonly temporal: string };
  readonly environment: ReadonlyMap<string, string>;
  /** Of settings files and logs. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Told when a process ends and nobody has asked it to. */
  readonly onDied: (error: Error) => void;
  /** Resolves when Temporal takes calls. */
  readonly temporal: Promise<unknown>;
  readonly onProgress: (line: string) => void;
}

/** Starts the ingresses at once, since they wait for their database alone; `setup` when Temporal is there, and the others after it. */
export async function createFleet({
  processes,
  servers,
  environment,
  folder,
  signal,
  onDied,
  temporal,
  onProgress,
}: FleetOptions): Promise<Fleet> {
  const parts = createParts(() => {});
  const running = new Map<string, HooklineProgram>();
  const find = (name: string): ComposeProcess => {
    const found = processes.find((one) => one.name === name);
    if (found === undefined) throw new Error(`docker-compose.yml has no process \`${name}\` any more: see scripts/topology`);
    return found;
  };
  const toEnv = (name: string) => ({
    ...toSourceSecrets(environment),
    ...Object.fromEntries(
      Object.entries(environmentOf(find(name).service, environment)).map(([variable, value]) => {
        const file = `\`${variable}\` of docker-compose.yml`;
        if (variable === 'DATABASE_URL') return [variable, substitute(value, { file, changes: [['postgres:5432', servers.database]] })];
        if (variable === 'TEMPORAL_ADDRESS') return [variable, substitute(value, { file, changes: [['temporal:7233', servers.temporal]] })];
        return [variable, value];
      }),
    ),
  });
  const start = async (one: ComposeProcess): Promise<HooklineProgram> => {
    const last = running.get(one.name);
    const place = { folder, env: toEnv(one.name), signal, onDied, stopMs: stopMsOf(one.service) };
    const program = await startHooklineProcess(one, { ...place, ...(last === undefined ? {} : { ports: last.ports }) });
    running.set(one.name, program);
    return program;
  };
  const portsOf = (name: string) => running.get(name)?.ports ?? { ingress: 0, admin: 0 };
  const startAll = (wanted: (one: ComposeProcess) => boolean) =>
    Promise.all(processes.filter(wanted).map((one) => parts.add(0, start(one))));

  try {
    const ingresses = startAll(({ command }) => command === 'ingress');
    ingresses.catch(() => {}); // awaited below
    await temporal;
    onProgress('running `hookline setup`');
    await runSetup({ folder, env: toEnv('setup'), signal });
    onProgress('starting workers');
    await Promise.all([ingresses, startAll(({ command }) => command !== 'ingress' && command !== 'setup')]);
  } catch (error) {
    await parts.close();
    throw error;
  }
  return {
    names: () => [...running.keys()].sort(),
    portOf: (name) => portsOf(name).ingress,
    adminUrlOf: (name) => `http://127.0.0.1:${portsOf(name).admin}`,
    environmentOf: toEnv,
    kill: async (name) => running.get(name)?.kill(),
    restart: async (name) => void (await parts.add(0, start(find(name)))),
    close: parts.close,
  };
}
