import { isCollection } from 'yaml';
import type { Node } from 'yaml';
import type { SettingEntry } from '../../contracts/settings-table.ts';
import type { YamlFile } from './read-yaml.ts';
import type { Resolved } from './resolve-value.ts';
import { secretWeakness } from './secret-weakness.ts';
import type { SettingsProblem } from './settings-problem.ts';

/** A setting's value on its way from a file or a variable. */
export interface GivenValue {
  readonly entry: SettingEntry;
  readonly resolved: Resolved;
  /** Where each part of the value stands: `['1']` is the second item of a list. */
  readonly whereOf: (path: readonly PropertyKey[]) => string;
  /** Whether a secret may stand in the file itself. */
  readonly literalsAllowed: boolean;
}

/** A value as its kind parses it, or what is wrong with it. */
export type ReadValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problems: readonly SettingsProblem[] };

/** Judges one value: its secrets first, then its form. No problem's text holds a secret, nor anything that came from a variable. */
export function readValue(given: GivenValue): ReadValue {
  const { entry, resolved, whereOf } = given;
  const problems = [...resolved.problems, ...secretProblems(given)];
  if (problems.length > 0) return { ok: false, problems };
  const parsed = entry.kind.schema.safeParse(resolved.value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const path = parsed.error.issues[0]?.path ?? [];
  const shown = isLiteral(resolved) && entry.secret === undefined ? at(resolved.value, path) : undefined;
  const got = shown === undefined ? withoutContent(resolved.value) : show(shown);
  return { ok: false, problems: [{ code: 'settings.wrong', expected: entry.kind.expected, got, where: whereOf(path), fix: entry.fix }] };
}

/** Where the parts of a node stand. */
export function toWhereOf(node: Node, yaml: YamlFile): (path: readonly PropertyKey[]) => string {
  return (path) => {
    let part: unknown = node;
    for (const key of path) {
      const next: unknown = isCollection(part) ? part.get(key, true) : undefined;
      if (next === undefined) break;
      part = yaml.follow(next);
    }
    return yaml.whereOf(part);
  };
}

function secretProblems({ entry, resolved, whereOf, literalsAllowed }: GivenValue): readonly SettingsProblem[] {
  if (entry.secret === undefined) return [];
  const listed = Array.isArray(resolved.value);
  const values = toList(resolved.value);
  const [first, second] = resolved.variants.map(toList);
  return values.flatMap((value, index): SettingsProblem[] => {
    if (typeof value !== 'string') return [];
    const where = whereOf(listed ? [index] : []);
    if (!literalsAllowed && standsInFile(entry.secret, first?.[index], second?.[index])) {
      const got = entry.secret === 'whole' ? 'the secret itself' : 'the password itself';
      return [{ code: 'settings.secretLiteral', expected: '`${NAME}` or `{ file: <path> }`', got, where }];
    }
    const weakness = entry.secret === 'whole' ? secretWeakness(value.replace(/^whsec_/, '')) : undefined;
    return weakness === undefined
      ? []
      : [{ code: 'settings.secretWeak', expected: 'a secret of at least 16 random bytes', got: weakness, where, fix: entry.fix }];
  });
}

/** What came from a variable or a file differs between the two variants; what stands in the file itself does not. */
function standsInFile(secret: SettingEntry['secret'], first: unknown, second: unknown): boolean {
  if (secret === 'whole') return first === second;
  const passwords = [first, second].map((text) => (typeof text === 'string' && URL.canParse(text) ? new URL(text).password : ''));
  return passwords[0] !== '' && passwords[0] === passwords[1];
}

function isLiteral({ variants: [first, second] }: Resolved): boolean {
  return JSON.stringify(first) === JSON.stringify(second);
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [value]; // Array.isArray says any[]
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (part, key) => (typeof part === 'object' && part !== null ? (Reflect.get(part, key) as unknown) : part),
    value,
  );
}

function show(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'an empty text' : `\`${value.length > 60 ? `${value.slice(0, 60)}…` : value}\``;
  return typeof value === 'number' || typeof value === 'boolean' ? `\`${value}\`` : withoutContent(value);
}

function withoutContent(value: unknown): string {
  if (typeof value === 'string') return value === '' ? 'an empty text' : `a text of ${value.length} characters`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (value === null || value === undefined) return 'nothing';
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}
