import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { runCommand } from '../../src/runtime/child.ts';
import { freePort } from '../../src/runtime/free-port.ts';
import { withoutOurs } from './environment.ts';
import { ROOT, type ComposeProcess } from './compose.ts';
import { isOkAt, startProgram, type Program } from './program.ts';
import { toSettingsFile, type ProcessPorts } from './settings-file.ts';

/** A process of ours that runs. */
export interface HooklineProgram extends Program {
  readonly ports: ProcessPorts;
}

/** What every process of ours is started with. */
export interface HooklinePlace {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Told when a process ends and nobody has asked it to. */
  readonly onDied: (error: Error) => void;
}

const CLI = join(ROOT, 'src/cli/hookline.ts');
const READY_MS = 90_000;
/** `restart: on-failure:5` of the service. */
const SETUP_TRIES = 5;
const SETUP_MS = 60_000;

/** Starts a process with the command of its service, and resolves once its `/readyz` says 200, as the health check of compose asks it. */
export async function startHooklineProcess(
  { name, command }: ComposeProcess,
  { folder, env, signal, onDied, stopMs, ports: given }: HooklinePlace & { readonly stopMs: number; readonly ports?: ProcessPorts },
): Promise<HooklineProgram> {
  const ports = given ?? { ingress: await freePort(), admin: await freePort() };
  const config = await writeConfig(folder, name, ports);
  const program = await startProgram({
    name,
    command: process.execPath,
    args: [CLI, '--config', config, command],
    env: { ...withoutOurs(process.env), ...env },
    cwd: folder,
    logFile: join(folder, `${name}.log`),
    isReady: () => isOkAt(`http://127.0.0.1:${ports.admin}/readyz`),
    readyMs: READY_MS,
    stopMs,
    signal,
    onDied,
  });
  return { ...program, ports };
}

/** Runs `hookline setup`, again where it fails, as compose does. */
export async function runSetup({ folder, env, signal }: Omit<HooklinePlace, 'onDied'>): Promise<void> {
  const config = await writeConfig(folder, 'setup', { ingress: 0, admin: 0 });
  for (let tries = 1; ; tries++) {
    const done = await runCommand({
      command: process.execPath,
      args: [CLI, '--config', config, 'setup'],
      env: { ...withoutOurs(process.env), ...env },
      timeoutMs: SETUP_MS,
      signal,
    });
    if (done.ok) return;
    signal.throwIfAborted();
    if (tries > SETUP_TRIES) throw new Error(`setup: ${done.reason}`);
  }
}

async function writeConfig(folder: string, name: string, ports: ProcessPorts): Promise<string> {
  const config = join(folder, `${name}.yaml`);
  await writeFile(config, toSettingsFile(ports), { mode: 0o600 });
  return config;
}
