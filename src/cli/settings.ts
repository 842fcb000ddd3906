import type { Command } from 'commander';
import { HooklineError } from '../contracts/errors.ts';
import { loadSettings, type LoadedSettings } from '../runtime/load-settings.ts';
import type { SettingsProblem } from '../runtime/settings/settings-problem.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly config?: string;
  readonly data?: string;
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
export function settingsOf(
  { config, data }: GlobalOptions,
  mode: 'development' | 'production',
): Extract<LoadedSettings, { readonly ok: true }> {
  const loaded = loadSettings({ file: config, cwd: process.cwd(), env: process.env, mode, dataDir: data });
  if (loaded.ok) return loaded;
  const [first] = loaded.problems;
  if (first === undefined) throw new HooklineError('bug.unexpected', { expected: 'a problem of the settings' });
  throw new SettingsError(first, loaded.problems);
}
