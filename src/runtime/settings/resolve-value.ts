import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { isMap, isScalar, isSeq } from 'yaml';
import type { Node } from 'yaml';
import type { YamlFile } from './read-yaml.ts';
import type { SettingsProblem } from './settings-problem.ts';

/** A value with its variables and files put in. */
export interface Resolved {
  /** `undefined` where a part could not be got; a problem says why. */
  readonly value: unknown;
  /** The value as the file alone has it: what came from a variable or a file is this many different texts. */
  readonly variants: readonly [unknown, unknown];
  readonly problems: readonly SettingsProblem[];
}

/** Where values come from. */
export interface ValueSources {
  readonly yaml: YamlFile;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const VARIABLE = /\$\$\{|\$\{([^{}]*)\}/g;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const MAX_FILE_BYTES = 64 * 1024;
const MAX_NODES = 1_000;

/**
 * Puts `${NAME}` and `{ file: path }` in, at any depth of one setting. `$${` stands for `${`; a file is read as UTF-8
 * without the newlines at its end, relative to the settings file, at most 64 KiB, and must be a regular one.
 */
export function resolveValue(node: Node | null, { yaml, env }: ValueSources): Resolved {
  const problems: SettingsProblem[] = [];
  let nodes = 0;
  const resolveNode = (given: unknown): Triple => {
    const node = yaml.follow(given);
    const where = yaml.whereOf(node);
    nodes += 1; // aliases may repeat each other without end
    if (nodes === MAX_NODES) problems.push({ code: 'settings.wrong', expected: `at most ${MAX_NODES} values`, got: 'more', where });
    if (nodes >= MAX_NODES) return [undefined, undefined, undefined];
    if (isScalar(node)) return typeof node.value === 'string' ? expand(node.value, where) : [node.value, node.value, node.value];
    if (isSeq(node)) return zip(node.items.map(resolveNode), (items) => items);
    if (!isMap(node)) return [node, node, node];
    const pairs = node.items.map(({ key, value }) => ({ key: isScalar(key) ? String(key.value) : '', value }));
    const [only] = pairs;
    if (only !== undefined && pairs.length === 1 && only.key === 'file') return readText(yaml.follow(only.value), where);
    return zip(
      pairs.map(({ value }) => resolveNode(value)),
      (values) => Object.fromEntries(pairs.map(({ key }, index) => [key, values[index]])),
    );
  };

  const expand = (text: string, where: string): readonly [string | undefined, string, string] => {
    let complete = true;
    const put = (fill: (name: string) => string): string =>
      text.replaceAll(VARIABLE, (_match, name: string | undefined) => (name === undefined ? '${' : fill(name)));
    const value = put((name) => {
      const found = VARIABLE_NAME.test(name) && Object.hasOwn(env, name) ? env[name] : undefined;
      if (found === undefined) {
        complete = false;
        const got = VARIABLE_NAME.test(name) ? 'nothing' : 'no name of a variable';
        problems.push({ code: 'settings.variableMissing', expected: `the environment variable \`${name.slice(0, 64)}\``, got, where });
      }
      return found ?? '';
    });
    return [complete ? value : undefined, put(() => 'a'), put(() => 'b')];
  };

  const readText = (node: unknown, where: string): Triple => {
    if (!isScalar(node) || typeof node.value !== 'string') {
      problems.push({ code: 'settings.wrong', expected: '`{ file: <path> }`', got: 'no path', where });
      return [undefined, 'a', 'b'];
    }
    const [path] = expand(node.value, where);
    if (path === undefined) return [undefined, 'a', 'b'];
    try {
      return [readSmallFile(resolve(yaml.folder, path)), 'a', 'b'];
    } catch (error) {
      const got = error instanceof Error && 'code' in error ? String(error.code) : 'none';
      problems.push({
        code: 'settings.wrong',
        expected: `a readable file of at most 64 KiB at \`${path}\``,
        got,
        where,
        fix: 'check the path; it is relative to the settings file',
      });
      return [undefined, 'a', 'b'];
    }
  };

  const [value, first, second] = resolveNode(node);
  return { value, variants: [first, second], problems };
}

function readSmallFile(path: string): string {
  const facts = statSync(path);
  if (!facts.isFile()) throw Object.assign(new Error('not a file'), { code: 'not a regular file' });
  if (facts.size > MAX_FILE_BYTES) throw Object.assign(new Error('too large'), { code: `${facts.size} bytes` });
  return readFileSync(path, 'utf8').replace(/[\r\n]+$/, '');
}

type Triple = readonly [unknown, unknown, unknown];

function zip(items: readonly Triple[], join: (values: readonly unknown[]) => unknown): Triple {
  const pick = (index: 0 | 1 | 2): unknown => join(items.map((item) => item[index]));
  return [pick(0), pick(1), pick(2)];
}
