import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { parse } from 'yaml';

/**
 * The rooms as the compiler knows them, from the `references` of their tsconfig files: a diagram with the direct edges, and
 * what each room may import. The picture cannot differ from what is enforced.
 */
export async function toRoomGraph(root: string): Promise<string> {
  const rooms = (await referencesOf(root, '.')).filter((path) => path.startsWith('src/'));
  const imports = new Map<string, readonly string[]>();
  for (const room of rooms)
    imports.set(
      basename(room),
      (await referencesOf(root, room)).map((path) => basename(path)),
    );

  const edges = [...imports].flatMap(([room, mays]) => directOf(mays, imports).map((may) => `  ${may} --> ${room}\n`));
  const rows = [...imports].map(([room, mays]) => `| ${room} | ${mays.length === 0 ? 'nothing' : mays.join(', ')} |\n`);
  return `\`\`\`mermaid
graph LR
${edges.join('')}\`\`\`

| room | may import |
| --- | --- |
${rows.join('')}`;
}

async function referencesOf(root: string, folder: string): Promise<readonly string[]> {
  const path = join(root, folder, 'tsconfig.json');
  // a tsconfig file of ours is YAML too: JSON without comments
  const config = parse(await readFile(path, 'utf8')) as { readonly references?: readonly { readonly path: string }[] }; // tsc has checked its form
  return (config.references ?? []).map((reference) => relative(root, join(dirname(path), reference.path)).replaceAll('\\', '/'));
}

/** The edges that no longer way explains. */
function directOf(mays: readonly string[], imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return mays.filter((may) => !mays.some((other) => imports.get(other)?.includes(may) === true));
}
