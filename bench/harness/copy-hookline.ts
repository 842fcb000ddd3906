import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Copies the sources of this checkout into a folder, with the example chain on GitHub's pushes in its place and in the catalogue, as
 * examples/github-push/README.md tells; nothing else is changed.
 */
export async function copyHookline(folder: string): Promise<string> {
  const copy = join(folder, 'hookline');
  await mkdir(copy, { recursive: true });
  await cp(join(ROOT, 'src'), join(copy, 'src'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(copy, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const chain = await readFile(join(ROOT, 'examples/github-push/count-push.ts'), 'utf8');
  await writeFile(
    join(copy, 'src/workflows/chains/count-push.ts'),
    swap(chain, '../../src/workflows/define-chain.ts', '../define-chain.ts'),
  );
  const catalogue = join(copy, 'src/workflows/catalogue.gen.ts');
  const listed = swap(await readFile(catalogue, 'utf8'), 'chains = [', 'chains = [countPush, ');
  await writeFile(catalogue, `import countPush from './chains/count-push.ts';\n${listed}`);
  return copy;
}

function swap(text: string, from: string, to: string): string {
  if (text.split(from).length !== 2) throw new Error(`expected \`${from}\` once`);
  return text.replace(from, to);
}
