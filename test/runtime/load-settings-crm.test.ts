import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSettings, type LoadedSettings } from '../../src/runtime/load-settings.ts';
import { formatProblem } from '../../src/runtime/settings/settings-problem.ts';

const STRONG = '9f2c1b7e4a6d8035c1e9f7a2b4d60813';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'hookline-settings-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function load(yaml: string): LoadedSettings {
  writeFileSync(join(cwd, 'hookline.yaml'), yaml);
  return loadSettings({ cwd, env: {}, mode: 'development' });
}
const problemsOf = (loaded: LoadedSettings): readonly string[] => (loaded.ok ? [] : loaded.problems.map(formatProblem));

test.each([
  ['a token', `bearer: '${STRONG}'`],
  ['a secret', `secret: 'whsec_${Buffer.from(STRONG).toString('base64')}'`],
])('a CRM of your own is known by %s', (_name, known) => {
  expect(problemsOf(load(`crm: { url: https://crm.example/customers, ${known} }`))).toEqual([]);
});

test('a CRM of your own needs one of the two', () => {
  expect(problemsOf(load('crm: { url: https://crm.example }'))).toEqual([
    'settings.wrong: expected `crm.bearer` to be a bearer token, got nothing, in hookline.yaml:1\n  fix: give the token, or `crm.secret` where the CRM wants signed calls',
  ]);
});

test('takes no weak token', () => {
  expect(problemsOf(load('crm: { url: https://crm.example, bearer: changeme }'))).toEqual([
    'settings.secretWeak: expected a secret of at least 16 random bytes, got 8 bytes, in hookline.yaml:1\n  fix: give the token, or `crm.secret` where the CRM wants signed calls',
  ]);
});

test('none at all is the own table, without a problem', () => {
  const loaded = load('');
  expect(loaded.ok && loaded.settings.crm).toEqual({ url: undefined, bearer: undefined, secret: undefined });
});
