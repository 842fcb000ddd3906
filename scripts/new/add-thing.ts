import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generate } from '../generate.ts';
import type { SourceFile } from '../generate/format-sources.ts';
import { formatSources } from '../generate/format-sources.ts';
import { registerCases } from './register-cases.ts';
import { thingKinds } from './thing-kinds.ts';
import type { ThingKind, ThingName } from './thing-name.ts';
import { toThingName } from './thing-name.ts';

/** What is wanted. */
export interface ThingWish {
  /** Where the project stands. */
  readonly root: string;
  readonly kind: ThingKind;
  readonly name: string;
  /** Only says what would be written. */
  readonly dryRun: boolean;
}

/** What was written, or why nothing was. */
export type AddedThing =
  | {
      readonly ok: true;
      /** New files, the one that is edited first in front. */
      readonly files: readonly string[];
      /** Files that were there and have changed, generated ones among them; not known in a dry run. */
      readonly changed: readonly string[];
      readonly next: readonly string[];
    }
  | { readonly ok: false; readonly problem: string; readonly fix: string };

const CASES = 'scripts/record/cases.ts';
const TEMPLATES = join(import.meta.dirname, 'templates');

/**
 * Adds a provider, an event type, an agent or a chain: its file, its test, and its line in every generated list. All or nothing:
 * where the generator complains nothing is left behind, and no file that was there is written over.
 */
export async function addThing({ root, kind, name: text, dryRun }: ThingWish): Promise<AddedThing> {
  const checked = toThingName(kind, text);
  if (!checked.ok) return { ok: false, problem: `expected ${checked.expected}, got \`${text.slice(0, 80)}\``, fix: 'choose another name' };
  const { name } = checked;
  const { files, next } = thingKinds[kind];
  const taken = files(name).find(({ path }) => existsSync(join(root, path)));
  if (taken !== undefined) return { ok: false, problem: `there is ${taken.path} already`, fix: 'choose another name, or edit that file' };

  const sources = await formatSources(
    root,
    await Promise.all(files(name).map(async ({ template, path }) => ({ path, text: await fill(template, name) }))),
  );
  const cases = kind === 'chain' ? await withCases(root, name) : [];
  if (cases === undefined)
    return { ok: false, problem: `${CASES}: expected the list \`cases\`, one line a chain`, fix: 'mend that file first' };
  const paths = sources.map(({ path }) => path);
  if (dryRun) return { ok: true, files: paths, changed: cases.map(({ path }) => path), next: next(name) };

  const undo = await write(root, { added: sources, edited: cases });
  try {
    const { changed, problems } = await generate({ root, check: false });
    if (problems.length === 0) return { ok: true, files: paths, changed: [...cases.map(({ path }) => path), ...changed], next: next(name) };
    await undo();
    return { ok: false, problem: `the generator complains: ${problems.join('; ')}`, fix: 'mend that, and call this again' };
  } catch (error) {
    await undo();
    throw error;
  }
}

/** A template with the name put in, in whatever spelling it asks for. */
async function fill(template: string, name: ThingName): Promise<string> {
  const text = await readFile(join(TEMPLATES, `${template}.txt`), 'utf8');
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_match, spelling: string) => {
    const spellings: Readonly<Record<string, string>> = { ...name };
    const spelled = spellings[spelling];
    if (spelled === undefined) throw new Error(`scripts/new/templates/${template}.txt: no spelling \`${spelling}\``);
    return spelled;
  });
}

async function withCases(root: string, name: ThingName): Promise<readonly SourceFile[] | undefined> {
  const text = registerCases(await readFile(join(root, CASES), 'utf8'), name);
  return text === undefined ? undefined : formatSources(root, [{ path: CASES, text }]);
}

/** Writes new files, and edits others; resolves to what takes all of it back. */
async function write(
  root: string,
  { added, edited }: { readonly added: readonly SourceFile[]; readonly edited: readonly SourceFile[] },
): Promise<() => Promise<void>> {
  const before = await Promise.all(edited.map(async ({ path }) => ({ path, text: await readFile(join(root, path), 'utf8') })));
  const written: string[] = [];
  const undo = async (): Promise<void> => {
    for (const path of written) await rm(join(root, path));
    for (const { path, text } of before) await writeFile(join(root, path), text);
  };
  try {
    for (const { path, text } of added) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text, { flag: 'wx' });
      written.push(path);
    }
    for (const { path, text } of edited) await writeFile(join(root, path), text);
    return undo;
  } catch (error) {
    await undo();
    throw error;
  }
}
