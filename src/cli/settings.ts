import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import { loadSettings, type LoadedSettings } from '../runtime/load-settings.ts';
import type { Listener } from '../runtime/settings/exposed-listeners.ts';
import type { SettingsProblem } from '../runtime/settings/settings-problem.ts';
import { world } from './world.ts';

/** Settings that were read, and what they were read from. */
type ReadSettings = Extract<LoadedSettings, { readonly ok: true }>;

/** Options that every command takes. */
export interface GlobalOptions {
  readonly config?: string;
  readonly data?: string;
  /** Address of an admin API. */
  readonly api?: string;
  readonly json?: boolean;
}

/** The options before and after the command's name, together. */
export function globalsOf(command: Command): GlobalOptions {
  return command.optsWithGlobals<GlobalOptions>();
}

/** Everything that is wrong with the settings. */
export class SettingsError extends HooklineError {
  readonly problems: readonly SettingsProblem[];

  constructor(first: SettingsProblem, problems: readonly SettingsProblem[]) {
    super(
      first.code,
      first.fix === undefined ? { expected: first.expected, got: first.got, where: first.where } : { ...first, fix: first.fix },
    );
    this.problems = problems;
  }
}

/** The settings, or an error that tells every problem of them at once. */
export function settingsOf(globals: GlobalOptions, mode: 'development' | 'production'): ReadSettings {
  return settingsToServe(globals, { mode, listeners: [] });
}

/** The same for a process that is going to bind listeners: the files of their certificates are read, and judged with the rest. */
export function settingsToServe(
  { config, data }: GlobalOptions,
  { mode, listeners }: { readonly mode: 'development' | 'production'; readonly listeners: readonly Listener[] },
): ReadSettings {
  const binding = { listeners, now: world.now() };
  const loaded = loadSettings({ file: config, cwd: process.cwd(), env: process.env, mode, dataDir: data, binding });
  if (loaded.ok) return loaded;
  const [first] = loaded.problems;
  if (first === undefined) throw new HooklineError('bug.unexpected', { expected: 'a problem of the settings' });
  throw new SettingsError(first, loaded.problems);
}
