import { describe } from '../../contracts/errors.ts';
import type { Source } from '../../contracts/webhook.ts';
import type { LoadedSettings } from '../load-settings.ts';
import { secretWeakness } from '../settings/secret-weakness.ts';
import type { SettingsProblem } from '../settings/settings-problem.ts';
import { bad, good, type Finding } from './finding.ts';

/** Whether the settings can be used, here and in production. */
export function judgeSettings({
  here,
  production,
}: {
  readonly here: LoadedSettings;
  /** The same file as `ingress` and `worker` would read it. */
  readonly production: LoadedSettings;
}): Finding {
  const check = 'settings';
  if (!here.ok) return bad('fail', { check, found: toText(here.problems), fix: 'mend these, see `docs/settings.md`' });
  const { file } = here;
  if (file === undefined) return good(check, 'no file: the development set');
  if (production.ok) return good(check, `${file} can be used`);
  const found = `${file} can be used here, and not by \`ingress\` and \`worker\`: ${toText(production.problems)}`;
  return bad('warn', { check, found, fix: 'mend these before production' });
}

/** Whether every live secret is one that cannot be guessed. Never tells a secret. */
export function judgeSecrets(sources: readonly Pick<Source, 'name' | 'secrets'>[]): Finding {
  const check = 'secrets';
  const weak = sources.flatMap(({ name, secrets }) =>
    secrets.flatMap((secret, index) => {
      const weakness = secretWeakness(secret);
      return weakness === undefined ? [] : [`secret ${index + 1} of \`${name}\` is ${weakness}`];
    }),
  );
  const count = sources.reduce((sum, { secrets }) => sum + secrets.length, 0);
  if (weak.length === 0) return good(check, `${count} of ${sources.length} ${sources.length === 1 ? 'source' : 'sources'}, none weak`);
  return bad('fail', { check, found: weak.join('; '), fix: 'take 32 random bytes: `openssl rand -hex 32`' });
}

function toText(problems: readonly SettingsProblem[]): string {
  return problems.map(({ code, expected, got, where }) => describe(code, { expected, got, where })).join('; ');
}
