import { expect, test } from 'vitest';
import { problemsOf as problemsIn, useSettingsFolder } from '../support/settings-folder.ts';

const { load } = useSettingsFolder();
const problemsOf = (yaml: string): readonly string[] => problemsIn(load(yaml));

test('a secret of a form that its provider can never verify with is told at boot, not at the first delivery', () => {
  const source = (secret: string): string => `sources:\n  clerk: { provider: standard-webhooks, secrets: '${secret}' }\n`;
  expect(problemsOf(source('whsec_this is no base64'))).toEqual([
    'settings.secretWeak: expected `whsec_` and base64, got something else behind the prefix, in hookline.yaml:2\n  fix: take 32 random bytes: `openssl rand -hex 32`',
  ]);
  expect(problemsOf(source('whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'))).toEqual([
    'settings.secretWeak: expected `whpk_` and 32 bytes in base64, got something else behind the prefix, in hookline.yaml:2\n  fix: take 32 random bytes: `openssl rand -hex 32`',
  ]);
  expect(problemsOf(source('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'))).toEqual([]);
});
