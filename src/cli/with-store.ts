import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import type { Settings } from '../contracts/settings.ts';
import { settingsTable } from '../contracts/settings-table.ts';
import { SETTINGS_FILE } from '../runtime/load-settings.ts';
import { readStackFile, type StackFacts } from '../runtime/stack-file.ts';
import { createPool } from '../store/pool.ts';
import { createStore, type Store } from '../store/store.ts';
import { quietLog } from './quiet-log.ts';
import { globalsOf, settingsOf, type GlobalOptions } from './settings.ts';
import { toTemporalLink } from './temporal-link.ts';

/** What a command finds where it is called: settings, and the stack that runs on them. */
export interface Workplace {
  readonly settings: Settings;
  /** Null where `up` does not run here: then the settings tell where the servers are. */
  readonly stack: StackFacts | null;
}

/** A command's way to the database. */
export interface OpenStore extends Workplace {
  readonly store: Store;
  /** The page of a run in the Temporal UI; null where nobody knows the UI. */
  linkTo(run: { readonly workflowId: string; readonly runId?: string | null }): string | null;
}

/** Few, since many commands may run at once. */
const CONNECTIONS = 2;

/** Reads settings and stack. Throws `stack.notRunning` where there is nothing at all, and leaves no folder behind then. */
export async function findWorkplace(command: Command): Promise<Workplace> {
  const globals = globalsOf(command);
  if (isEmptyPlace(globals)) throw new HooklineError('stack.notRunning', { where: resolve(globals.data ?? settingsTable.data.default) });
  const { settings } = settingsOf(globals, 'development');
  const stack = await readStackFile(settings.data).catch((error: unknown) => {
    if (error instanceof HooklineError && error.code === 'stack.notRunning') return null;
    throw error;
  });
  return { settings, stack };
}

/** Lends the database of the running stack, else that of the settings, for as long as `use` runs. */
export async function withStore<Result>(command: Command, use: (open: OpenStore) => Promise<Result>): Promise<Result> {
  const workplace = await findWorkplace(command);
  return useStore(workplace, use);
}

/** Lends the database of a workplace. */
export async function useStore<Result>(workplace: Workplace, use: (open: OpenStore) => Promise<Result>): Promise<Result> {
  const { settings, stack } = workplace;
  const url = stack?.databaseUrl ?? settings.database.url;
  if (url === undefined) {
    const fix = 'start one with `npm start`, or name a database in `DATABASE_URL`';
    throw new HooklineError('stack.notRunning', { where: settings.data, fix });
  }
  const pool = createPool({ url, max: CONNECTIONS, applicationName: 'hookline-cli', log: quietLog });
  const uiUrl = stack?.temporalUiUrl ?? settings.temporal.uiUrl ?? null;
  const namespace = stack?.temporalNamespace ?? settings.temporal.namespace ?? process.env['TEMPORAL_NAMESPACE'] ?? 'default';
  try {
    return await use({ ...workplace, store: createStore({ pool }), linkTo: (run) => toTemporalLink({ uiUrl, namespace, ...run }) });
  } finally {
    await pool.close();
  }
}

/** Reading the settings of a development machine makes its secrets, which a question asked in the wrong folder must not. */
function isEmptyPlace({ config, data }: GlobalOptions): boolean {
  const named = config !== undefined || existsSync(join(process.cwd(), SETTINGS_FILE)) || (process.env['DATABASE_URL'] ?? '') !== '';
  return !named && !existsSync(resolve(data ?? settingsTable.data.default));
}
