import type { SettingKind } from './settings-kinds.ts';
import type { SettingEntry } from './settings-table.ts';
import { settingsTable } from './settings-table.ts';
import type { Source } from './webhook.ts';

/** Every setting as the processes get it: parsed, defaults filled in. Derived from the one table. */
export type Settings = Nested<typeof settingsTable>;

/** A path of the table: `ingress.port`, `sources.*.id`. */
export type SettingPath = keyof typeof settingsTable;

/** The sources as `ingress` takes them, sorted by name. */
export function toSources({ sources }: Settings): readonly Source[] {
  return Object.entries(sources)
    .map(
      ([
        name,
        {
          id,
          type,
          time,
          data,
          references,
          toleranceSeconds,
          sameBody,
          rateLimit: { perSecond, burst },
          ...source
        },
      ]) => ({
        name,
        ...source,
        rateLimit: perSecond === undefined ? undefined : { perSecond, burst: burst ?? 10 * perSecond },
        options: { id, type, time, data, references, toleranceSeconds, sameBody },
      }),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The settings fit for a log or a screen: a secret `x` stands as `x_configured`, true or false. */
export function toPrintableSettings(settings: Settings): Printable {
  return toPrintable(settings, '');
}

/** A tree of texts, numbers, lists and `*_configured` flags. */
export interface Printable {
  readonly [key: string]: Printable | readonly string[] | string | number | boolean;
}

/** The table's row of a concrete path: `sources.shop.id` has that of `sources.*.id`. */
export function entryOf(path: string): SettingEntry | undefined {
  const rows: Readonly<Record<string, SettingEntry>> = settingsTable;
  const general = path.replace(/^sources\.[^.]*\./, 'sources.*.');
  return Object.hasOwn(rows, general) ? rows[general] : undefined;
}

function toPrintable(branch: object, prefix: string): Printable {
  const members = Object.entries(branch).flatMap(([key, value]: [string, unknown]): [string, Printable[string]][] => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const entry = entryOf(path);
    if (entry?.secret !== undefined) return [[`${key}_configured`, value !== undefined]];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [[key, value]];
    if (Array.isArray(value)) return [[key, value.map((item: unknown) => (typeof item === 'string' ? item : JSON.stringify(item)))]];
    if (typeof value !== 'object' || value === null) return [];
    const below = toPrintable(value, path);
    return Object.keys(below).length === 0 ? [] : [[key, below]];
  });
  return Object.fromEntries(members);
}

type Head<Path> = Path extends `${infer First}.${string}` ? First : Path;
type Below<Table, First extends string> = {
  readonly [Path in keyof Table as Path extends `${First}.${infer Rest}` ? Rest : never]: Table[Path];
};
type Nested<Table> =
  '*' extends Head<keyof Table>
    ? Readonly<Record<string, Nested<Below<Table, '*'>>>>
    : { readonly [First in Head<keyof Table> & string]: First extends keyof Table ? ValueOf<Table[First]> : Nested<Below<Table, First>> };
type ValueOf<Entry> = Entry extends { readonly kind: SettingKind<infer Value> }
  ? Entry extends { readonly default: unknown } | { readonly required: 'always' }
    ? Value
    : Value | undefined
  : never;
