import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import type { Settings } from '../contracts/settings.ts';
import { settingsTable } from '../contracts/settings-table.ts';
import { SETTINGS_FILE } from '../runtime/load-settings.ts';
import { readStackFile, type StackFacts } from '../runtime/stack-file.ts';
import { globalsOf, settingsOf, type GlobalOptions } from './settings.ts';

/** What a command finds where it is called: settings, and the stack that runs on them. */
export interface Workplace {
  readonly settings: Settings;
  /** Null where `up` does not run here: then the settings tell where the servers are. */
  readonly stack: StackFacts | null;
}

/** Reads settings and stack. Throws `stack.notRunning` where there is nothing at all, and leaves no folder behind then. */
export async function findWorkplace(command: Command): Promise<Workplace> {
  const globals = globalsOf(command);
  if (isEmptyPlace(globals)) throw new HooklineError('stack.notRunning', { where: resolve(globals.data ?? settingsTable.data.default) });
  return readWorkplace(command);
}

/** The same for what needs no server: an empty folder becomes that of a development machine. */
export async function readWorkplace(command: Command): Promise<Workplace> {
  const { settings } = settingsOf(globalsOf(command), 'development');
  const stack = await readStackFile(settings.data).catch((error: unknown) => {
    if (error instanceof HooklineError && error.code === 'stack.notRunning') return null;
    throw error;
  });
  return { settings, stack };
}

/** Reading the settings of a development machine makes its secrets, which a question asked in the wrong folder must not. */
function isEmptyPlace({ config, data }: GlobalOptions): boolean {
  const named = config !== undefined || existsSync(join(process.cwd(), SETTINGS_FILE)) || (process.env['DATABASE_URL'] ?? '') !== '';
  return !named && !existsSync(resolve(data ?? settingsTable.data.default));
}
