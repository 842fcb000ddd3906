import type { ReadSettings } from './exposed-listeners.ts';
import type { SettingsProblem } from './settings-problem.ts';

/** Refuses a `publicUrl` that no path can be put behind, or that would show a password in lists: user, query, fragment. */
export function unfitPublicUrl({ values, whereOf }: Pick<ReadSettings, 'values' | 'whereOf'>): readonly SettingsProblem[] {
  const url = values.get('publicUrl');
  if (typeof url !== 'string') return [];
  const { username, password } = new URL(url);
  const got = username !== '' || password !== '' ? 'one with a user' : /[?#]/.test(url) ? 'one with a query or a fragment' : undefined;
  if (got === undefined) return [];
  const fix = 'write it as far as `/webhooks/<source>` follows: `https://hooks.example`';
  return [{ code: 'settings.wrong', expected: 'a URL of host, port and path', got, where: whereOf('publicUrl'), fix }];
}
