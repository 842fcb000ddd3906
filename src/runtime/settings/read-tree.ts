import { isMap, isScalar } from 'yaml';
import type { Node, Pair } from 'yaml';
import { NAME } from '../../contracts/ids.ts';
import { entryOf } from '../../contracts/settings.ts';
import { settingsTable } from '../../contracts/settings-table.ts';
import { nearestName } from './nearest-name.ts';
import type { YamlFile } from './read-yaml.ts';
import type { SettingsProblem } from './settings-problem.ts';

/** What stands in a settings file, before any value is looked at. */
export interface SettingsTree {
  /** Concrete path → its value's node: `sources.shop.id`. Settings without a value are left out. */
  readonly nodes: ReadonlyMap<string, Node>;
  /** Name of each source → where it stands. */
  readonly sources: ReadonlyMap<string, string>;
  readonly problems: readonly SettingsProblem[];
}

const MAX_NAME = 64;

/** Sorts a file's nodes by the paths of the settings table; every key that is no setting is a problem with the likely name. */
export function readTree(yaml: YamlFile): SettingsTree {
  const nodes = new Map<string, Node>();
  const sources = new Map<string, string>();
  const problems: SettingsProblem[] = [];

  const readBranch = (given: unknown, path: string): void => {
    const node = yaml.follow(given);
    if (isEmpty(node)) return;
    if (!isMap(node)) {
      const expected =
        path === '' ? 'a map of settings' : `\`${path}\` to be a map of ${childrenOf(path).includes('*') ? 'names' : 'settings'}`;
      problems.push({ code: 'settings.wrong', expected, got: isScalar(node) ? 'a plain value' : 'a list', where: yaml.whereOf(node) });
      return;
    }
    for (const pair of node.items) readPair(pair, path);
  };

  const readPair = ({ key: keyNode, value: given }: Pair, parent: string): void => {
    const key = isScalar(keyNode) ? String(keyNode.value) : '';
    const path = parent === '' ? key : `${parent}.${key}`;
    const where = yaml.whereOf(keyNode);
    const known = childrenOf(parent);
    if (known.includes('*')) {
      if (key.length > MAX_NAME || !NAME.test(key)) problems.push(wrongName(key, where));
      else {
        sources.set(key, where);
        readBranch(given, path);
      }
    } else if (!known.includes(key)) problems.push(unknownSetting({ key, parent, known, where }));
    else if (entryOf(path) === undefined) readBranch(given, path);
    else {
      const value = yaml.follow(given);
      // an alias is kept for its line; what it stands for is followed again by the reader of the value
      if (!isEmpty(value)) nodes.set(path, value as Node); // what a pair of a parsed document holds is a node or null
    }
  };

  readBranch(yaml.root, '');
  return { nodes, sources, problems };
}

function childrenOf(path: string): readonly string[] {
  const general = path.replace(/^sources\.[^.]+/, 'sources.*');
  const prefix = general === '' ? '' : `${general}.`;
  const below = Object.keys(settingsTable).filter((known) => known.startsWith(prefix));
  return [...new Set(below.map((known) => known.slice(prefix.length).split('.')[0] ?? ''))];
}

function isEmpty(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

function wrongName(key: string, where: string): SettingsProblem {
  return {
    code: 'settings.wrong',
    expected: `a source's name in kebab-case, at most ${MAX_NAME} characters`,
    got: `\`${key.slice(0, MAX_NAME)}\``,
    where,
    fix: 'take lower-case letters, digits and single hyphens: the name stands in the path, and in ids',
  };
}

interface UnknownKey {
  readonly key: string;
  readonly parent: string;
  readonly known: readonly string[];
  readonly where: string;
}

function unknownSetting({ key, parent, known, where }: UnknownKey): SettingsProblem {
  const near = nearestName(key, known);
  return {
    code: 'settings.unknown',
    expected: parent === '' ? 'a setting' : `a setting of \`${parent}\``,
    got: `\`${key.slice(0, MAX_NAME)}\``,
    where,
    fix: near === undefined ? `there are ${known.map((name) => `\`${name}\``).join(', ')}` : `did you mean \`${near}\`?`,
  };
}
