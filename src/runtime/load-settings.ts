import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Node } from 'yaml';
import type { Settings } from '../contracts/settings.ts';
import { entryOf } from '../contracts/settings.ts';
import { settingsTable } from '../contracts/settings-table.ts';
import { providers } from '../providers/catalogue.gen.ts';
import type { ProviderDefinition } from '../providers/define-provider.ts';
import { DEVELOPMENT_SOURCES, SECRETS_FILE, developmentSecrets } from './settings/development-set.ts';
import { exposedListeners } from './settings/exposed-listeners.ts';
import { nearestName } from './settings/nearest-name.ts';
import type { SettingsTree } from './settings/read-tree.ts';
import { readTree } from './settings/read-tree.ts';
import type { ReadValue } from './settings/read-value.ts';
import { readValue, toWhereOf } from './settings/read-value.ts';
import type { YamlFile } from './settings/read-yaml.ts';
import { readYaml } from './settings/read-yaml.ts';
import { resolveValue } from './settings/resolve-value.ts';
import type { SettingsProblem } from './settings/settings-problem.ts';
import { TLS_SETTINGS, unfitCertificates, type Binding } from './settings/unfit-certificates.ts';
import { unfitPublicUrl } from './settings/unfit-public-url.ts';

/** The settings file that is looked for where none is named. */
export const SETTINGS_FILE = 'hookline.yaml';

/** What the settings are made of. */
export interface SettingsOptions {
  /** The file that was named; without one, `hookline.yaml` in `cwd` if it is there. */
  readonly file?: string | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** In development secrets may stand in the file, and what is missing is made up. */
  readonly mode: 'development' | 'production';
  /** Overrides the setting `data`. */
  readonly dataDir?: string | undefined;
  /** The listeners that the process is going to bind: their certificates are read. @default none, since who only asks need not be able to read a key */
  readonly binding?: Binding | undefined;
}

/** The settings, or everything that is wrong with them. */
export type LoadedSettings =
  | {
      readonly ok: true;
      readonly settings: Settings;
      /** The file that was read. */
      readonly file: string | undefined;
      /** Paths that the file or the environment gives a value: a port that was given is not moved. */
      readonly given: ReadonlySet<string>;
    }
  | { readonly ok: false; readonly problems: readonly SettingsProblem[] };

/**
 * Reads the settings: file, then environment over it, then defaults; paths come back absolute. All problems of a file are
 * reported at once, sorted by line; bad input is never thrown. Without sources, development gets a set of its own, with random
 * secrets that are kept in the data folder.
 */
export function loadSettings(options: SettingsOptions): LoadedSettings {
  const { cwd, mode, binding } = options;
  const file = options.file ?? (existsSync(join(cwd, SETTINGS_FILE)) ? SETTINGS_FILE : undefined);
  if (file === undefined && mode === 'production') return { ok: false, problems: [NO_FILE] };
  const read = file === undefined ? undefined : readYaml(file, cwd);
  if (read?.ok === false) return { ok: false, problems: read.problems };
  const tree = read === undefined ? EMPTY_TREE : readTree(read.yaml);

  const values = new Map<string, unknown>();
  const given = new Set<string>();
  const problems = [...tree.problems];
  for (const path of concretePaths(tree.sources.keys())) {
    const value = readGiven({ path, node: tree.nodes.get(path), yaml: read?.yaml, options });
    if (value === undefined) continue;
    given.add(path);
    if (value.ok) values.set(path, value.value);
    else problems.push(...value.problems);
  }
  for (const path of TLS_SETTINGS) {
    const value = values.get(path);
    if (typeof value === 'string') values.set(path, resolve(cwd, value));
  }
  const whereOf = (path: string): string => read?.yaml.whereOf(tree.nodes.get(path)) ?? SETTINGS_FILE;
  problems.push(
    ...unknownProviders(values, whereOf),
    ...unfitSecrets(values, whereOf),
    ...exposedListeners({ values, given, whereOf }),
    ...unfitPublicUrl({ values, whereOf }),
    ...(binding === undefined ? [] : unfitCertificates({ values, whereOf }, binding)),
    ...missing({ tree, given, mode, file: file ?? SETTINGS_FILE, whereOf }),
  );

  const kept = values.get('data');
  values.set('data', resolve(cwd, options.dataDir ?? (typeof kept === 'string' ? kept : settingsTable.data.default)));
  if (mode === 'development' && problems.length === 0) problems.push(...addDevelopmentSet(values, tree.sources.size === 0));
  if (problems.length > 0) return { ok: false, problems: sortByLine(problems) };
  return { ok: true, settings: toSettings(values), file, given };
}

const EMPTY_TREE: SettingsTree = { nodes: new Map(), sources: new Map(), problems: [] };

const NO_FILE: SettingsProblem = {
  code: 'settings.unreadable',
  expected: `a settings file, named by \`--config\` or \`${SETTINGS_FILE}\` in the working directory`,
  got: 'none',
  where: 'the working directory',
  fix: 'write one: see `docs/settings.md`',
};

function concretePaths(sources: Iterable<string>): readonly string[] {
  const names = [...sources];
  return Object.keys(settingsTable).flatMap((path) => (path.includes('*') ? names.map((name) => path.replace('*', name)) : [path]));
}

interface GivenSetting {
  readonly path: string;
  readonly node: Node | undefined;
  readonly yaml: YamlFile | undefined;
  readonly options: SettingsOptions;
}

function readGiven({ path, node, yaml, options: { env, mode } }: GivenSetting): ReadValue | undefined {
  const entry = entryOf(path);
  const variable = entry?.variable === undefined ? undefined : env[entry.variable];
  if (entry?.variable !== undefined && variable !== undefined && variable !== '') {
    const where = `the environment variable \`${entry.variable}\``;
    return readValue({
      entry,
      resolved: { value: variable, variants: ['a', 'b'], problems: [] },
      whereOf: () => where,
      literalsAllowed: true,
    });
  }
  if (entry === undefined || node === undefined || yaml === undefined) return undefined;
  const resolved = resolveValue(node, { yaml, env });
  return readValue({ entry, resolved, whereOf: toWhereOf(node, yaml), literalsAllowed: mode === 'development' });
}

function unknownProviders(values: ReadonlyMap<string, unknown>, whereOf: (path: string) => string): readonly SettingsProblem[] {
  const known: readonly string[] = providers.map(({ name }) => name);
  return [...values].flatMap(([path, name]): SettingsProblem[] => {
    if (!/^sources\.[^.]+\.provider$/.test(path) || typeof name !== 'string' || known.includes(name)) return [];
    const near = nearestName(name, known);
    const fix = near === undefined ? `there are ${known.map((provider) => `\`${provider}\``).join(', ')}` : `did you mean \`${near}\`?`;
    return [{ code: 'settings.wrong', expected: 'the name of a provider', got: `\`${name}\``, where: whereOf(path), fix }];
  });
}

/** Secrets of a form that their provider can never verify with: better told now than at the first delivery. */
function unfitSecrets(values: ReadonlyMap<string, unknown>, whereOf: (path: string) => string): readonly SettingsProblem[] {
  const known: readonly ProviderDefinition[] = providers;
  return [...values].flatMap(([path, secrets]): SettingsProblem[] => {
    const source = /^(sources\.[^.]+)\.secrets$/.exec(path)?.[1];
    const provider = known.find(({ name }) => name === values.get(`${source}.provider`));
    if (source === undefined || provider?.judgeSecret === undefined || !Array.isArray(secrets)) return [];
    const expected = secrets
      .map(String)
      .map(provider.judgeSecret)
      .find((one) => one !== undefined);
    return expected === undefined
      ? []
      : [{ code: 'settings.secretWeak', expected, got: 'something else behind the prefix', where: whereOf(path) }];
  });
}

interface Needs {
  readonly tree: SettingsTree;
  readonly given: ReadonlySet<string>;
  readonly mode: SettingsOptions['mode'];
  readonly file: string;
  readonly whereOf: (path: string) => string;
}

function missing({ tree, given, mode, file, whereOf }: Needs): readonly SettingsProblem[] {
  const problems = concretePaths(tree.sources.keys()).flatMap((path): SettingsProblem[] => {
    const entry = entryOf(path);
    const needed =
      entry?.required === 'always' || (entry?.required === 'production' && mode === 'production') || given.has(entry?.requiredWith ?? '');
    if (entry === undefined || !needed || given.has(path) || given.has(entry.alternative ?? '')) return [];
    const fix =
      entry.fix ?? (entry.variable === undefined ? undefined : `set the environment variable \`${entry.variable}\`, or \`${path}\``);
    const source = /^sources\.([^.]+)\./.exec(path)?.[1];
    const cause = given.has(entry.requiredWith ?? '') ? entry.requiredWith : undefined;
    const where = (source === undefined ? undefined : tree.sources.get(source)) ?? (cause === undefined ? file : whereOf(cause));
    return [{ code: 'settings.wrong', expected: `\`${path}\` to be ${entry.kind.expected}`, got: 'nothing', where, fix }];
  });
  const sourceless = mode === 'production' && tree.sources.size === 0 && tree.problems.length === 0;
  return sourceless
    ? [...problems, { code: 'settings.wrong', expected: 'at least one source in `sources`', got: 'none', where: file }]
    : problems;
}

function addDevelopmentSet(values: Map<string, unknown>, withSources: boolean): readonly SettingsProblem[] {
  const dataDir = String(values.get('data'));
  if (!withSources && values.has('warehouse.secret')) return [];
  try {
    const secrets = developmentSecrets(dataDir);
    if (!values.has('warehouse.secret')) values.set('warehouse.secret', secrets.warehouse);
    for (const [name, source] of withSources ? Object.entries(DEVELOPMENT_SOURCES) : []) {
      for (const [key, value] of Object.entries(source)) values.set(`sources.${name}.${key}`, value);
      values.set(`sources.${name}.secrets`, [secrets.sources[name]]);
    }
    return [];
  } catch (error) {
    const got = error instanceof Error && 'code' in error ? String(error.code) : 'something that is no JSON object';
    return [
      {
        code: 'settings.unreadable',
        expected: 'the development secrets, in a data folder that can be written',
        got,
        where: join(dataDir, SECRETS_FILE),
        fix: 'give another folder with `--data`, or delete the file: new secrets are made',
      },
    ];
  }
}

function toSettings(values: ReadonlyMap<string, unknown>): Settings {
  const sources = [...values.keys()].flatMap((path) => /^sources\.([^.]+)\.provider$/.exec(path)?.[1] ?? []);
  const settings: Branch = { sources: {} };
  for (const path of concretePaths(sources.sort())) {
    const segments = path.split('.');
    const leaf = segments.pop() ?? '';
    let branch = settings;
    for (const segment of segments) branch = branch[segment] = (branch[segment] ?? {}) as Branch; // only branches stand above a path's last segment
    branch[leaf] = values.get(path) ?? entryOf(path)?.default;
  }
  return settings as unknown as Settings; // built from the same table that `Settings` is derived from, each value parsed by its kind
}

interface Branch {
  [segment: string]: unknown;
}

function sortByLine(problems: readonly SettingsProblem[]): readonly SettingsProblem[] {
  const lineOf = ({ where }: SettingsProblem): number => Number(/:(\d+)$/.exec(where)?.[1] ?? 0);
  return problems.toSorted((a, b) => lineOf(a) - lineOf(b));
}
