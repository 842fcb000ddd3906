import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { LoadedSettings, SettingsOptions } from '../../src/runtime/load-settings.ts';
import { loadSettings } from '../../src/runtime/load-settings.ts';
import { formatProblem } from '../../src/runtime/settings/settings-problem.ts';

/** A folder of each test's own, and settings that are loaded from it. */
export interface SettingsFolder {
  path(): string;
  /** Loads a text as the folder's `hookline.yaml`; `undefined` leaves the folder without one. */
  load(yaml: string | undefined, options?: Partial<SettingsOptions>): LoadedSettings;
}

/** Makes the folder before each test of a file, and removes it after. */
export function useSettingsFolder(): SettingsFolder {
  let cwd: string;
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'hookline-settings-'));
  });
  afterEach(() => {
    rmSync(cwd, { recursive: true });
  });
  return {
    path: () => cwd,
    load: (yaml, options = {}) => {
      if (yaml !== undefined) writeFileSync(join(cwd, 'hookline.yaml'), yaml);
      return loadSettings({ cwd, env: {}, mode: 'development', ...options });
    },
  };
}

/** The problems as an operator reads them. */
export function problemsOf(loaded: LoadedSettings): readonly string[] {
  return loaded.ok ? [] : loaded.problems.map(formatProblem);
}

/** The settings; throws the problems where there are any. */
export function settingsOf(loaded: LoadedSettings): Extract<LoadedSettings, { ok: true }>['settings'] {
  if (!loaded.ok) throw new Error(problemsOf(loaded).join('\n'));
  return loaded.settings;
}
