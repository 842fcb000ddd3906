import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withoutOurs } from '../topology/environment.ts';
import { isOkAt, startProgram, type Program } from '../topology/program.ts';

/** The processes of a rig. */
const PROCESSES = ['ingress', 'worker'] as const;

/** One of them. */
export type ProcessName = (typeof PROCESSES)[number];

/** Ingress and worker under a supervisor that starts again what has ended. */
export interface RigProcesses {
  /** Ends one at once; it is started again at once as well. Resolves when it is gone. */
  kill(name: ProcessName): Promise<void>;
  /** Resolves when both are ready. */
  ready(): Promise<void>;
  /** Those that ended and nobody had killed them. */
  readonly died: readonly string[];
  close(): Promise<void>;
}

/** What a process is started with. */
export interface ProcessPlan {
  readonly settings: string;
  readonly adminPort: number;
  readonly env: Readonly<Record<string, string>>;
}

/** Options of `startProcesses`. */
export interface ProcessesOptions {
  /** Of settings files and logs. */
  readonly folder: string;
  /** The checkout whose sources are run. */
  readonly root: string;
  readonly plans: Readonly<Record<ProcessName, ProcessPlan>>;
  readonly signal: AbortSignal;
}

const READY_MS = 120_000;
const STOP_MS = 20_000;

/** Starts both; they need not be ready yet. */
export async function startProcesses({ folder, root, plans, signal }: ProcessesOptions): Promise<RigProcesses> {
  const died: string[] = [];
  let closing = false;
  const launch = (name: ProcessName): Promise<Program> => {
    const { adminPort, env } = plans[name];
    const starting = startProgram({
      name,
      command: process.execPath,
      args: [join(root, 'src/cli/hookline.ts'), '--config', join(folder, `${name}.yaml`), name],
      env: { ...withoutOurs(process.env), ...env },
      cwd: folder,
      logFile: join(folder, `${name}.log`),
      isReady: () => isOkAt(`http://127.0.0.1:${adminPort}/readyz`),
      readyMs: READY_MS,
      stopMs: STOP_MS,
      signal,
      onDied: () => {
        died.push(name);
        if (!closing) running.set(name, launch(name));
      },
    });
    starting.catch(() => {}); // whoever awaits it is told
    return starting;
  };
  const running = new Map<ProcessName, Promise<Program>>();
  for (const name of PROCESSES) await writeFile(join(folder, `${name}.yaml`), plans[name].settings, { mode: 0o600 });
  for (const name of PROCESSES) running.set(name, launch(name));
  return {
    died,
    async kill(name) {
      const program = await running.get(name);
      await program?.kill();
      running.set(name, launch(name));
    },
    ready: async () => void (await Promise.all(running.values())),
    async close() {
      closing = true;
      // all has been judged, and nothing of it is kept; one that could not be started has ended itself
      await Promise.allSettled([...running.values()].map(async (program) => (await program).kill()));
    },
  };
}
