import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HooklineError } from '../contracts/errors.ts';
import { readLive } from './pid-file.ts';

/** Where everything of a running `up` is, for the other commands of this machine. */
export interface StackFacts {
  /** The public listener, as this machine reaches it. */
  readonly ingressUrl: string;
  /** Where providers reach it; the same where the settings say nothing else. */
  readonly publicUrl: string;
  /** The listener for operators. */
  readonly adminUrl: string;
  /** With the password: never shown. */
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly temporalUiUrl: string | null;
  readonly mailUrl: string | null;
  readonly warehouseUrl: string | null;
}

/** The file by which `up` says that it runs, and the one that says where. */
export const UP_PID_FILE = 'up.pid';
const STACK_FILE = 'stack.json';

/** Writes where the stack is, readable by its owner only. */
export async function writeStackFile(dataDir: string, facts: StackFacts): Promise<void> {
  const draft = join(dataDir, `${STACK_FILE}.${process.pid}`);
  await writeFile(draft, `${JSON.stringify(facts, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, join(dataDir, STACK_FILE));
}

/** Removes it. */
export async function removeStackFile(dataDir: string): Promise<void> {
  await rm(join(dataDir, STACK_FILE), { force: true });
}

/** Where the running stack of a data folder is; throws `stack.notRunning` where none runs. */
export async function readStackFile(dataDir: string): Promise<StackFacts> {
  const live = await readLive(join(dataDir, UP_PID_FILE));
  const text = live === null ? undefined : await readFile(join(dataDir, STACK_FILE), 'utf8').catch(() => undefined); // it is still starting, or just ending
  if (text === undefined) throw new HooklineError('stack.notRunning', { where: dataDir });
  return JSON.parse(text) as StackFacts; // written by `writeStackFile` alone
}
