import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { NAME } from '../../src/contracts/ids.ts';

/** One file of a "one file per thing" folder, loaded. */
export interface Thing {
  /** `order-created` */
  readonly file: string;
  /** What the thing calls itself: `order.created`. */
  readonly name: string;
  /** The file's name as an identifier: `orderCreated`. */
  readonly identifier: string;
  /** The file's default export. */
  readonly exported: Readonly<Record<string, unknown>>;
}

/** A folder's things, and what is wrong with those that are none. */
export interface Things {
  readonly things: readonly Thing[];
  readonly problems: readonly string[];
}

/** What a folder's files must look like. */
export interface ThingFolder {
  /** Where the project stands. */
  readonly root: string;
  /** Relative to the root, with `/`: `src/events`. */
  readonly folder: string;
  /** The property by which the default export names itself: `type` or `name`. */
  readonly key: string;
  /** The name that a file of this name must give itself. @default the file's name */
  readonly toName?: (file: string) => string;
}

const RESERVED =
  /^(?:break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|import|in|instanceof|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield|await|async|type|events|entities|providers|agents|chains)$/;

/**
 * Loads the things of a folder, sorted by file name. Files that start with `_` or `define-` or end in `.gen.ts` are helpers;
 * folders below it are not looked into; a folder that is not there holds nothing.
 */
export async function loadThings({ root, folder, key, toName = (file) => file }: ThingFolder): Promise<Things> {
  const things: Thing[] = [];
  const problems: string[] = [];
  for (const file of await filesOf(join(root, folder))) {
    const path = `${folder}/${file}.ts`;
    if (!NAME.test(file)) {
      problems.push(`${path}: expected a kebab-case file name; helpers start with \`_\` or \`define-\``);
      continue;
    }
    const module: unknown = await import(pathToFileURL(join(root, path)).href).catch((error: unknown) => error);
    if (module instanceof Error) {
      problems.push(`${path}: cannot be loaded: ${module.message}`);
      continue;
    }
    const exported = defaultOf(module);
    const name = exported?.[key];
    if (exported === undefined) problems.push(`${path}: expected a default export; helpers start with \`_\` or \`define-\``);
    else if (typeof name !== 'string') problems.push(`${path}: expected a default export with a text \`${key}\``);
    else if (name !== toName(file)) problems.push(`${path}: expected \`${key}: '${toName(file)}'\`, got '${name}'`);
    else things.push({ file, name, identifier: toIdentifier(file), exported });
  }
  return { things, problems };
}

async function filesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !/^_|^define-|\.gen\.ts$|\.d\.ts$/.test(entry.name))
    .map((entry) => entry.name.slice(0, -'.ts'.length))
    .sort();
}

function defaultOf(module: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof module !== 'object' || module === null || !('default' in module)) return undefined;
  const exported: unknown = module.default;
  return typeof exported === 'object' && exported !== null ? (exported as Readonly<Record<string, unknown>>) : undefined; // an object is a record of unknowns
}

function toIdentifier(file: string): string {
  const identifier = file.replace(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
  return RESERVED.test(identifier) ? `${identifier}_` : identifier;
}
