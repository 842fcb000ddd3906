import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = [join(import.meta.dirname, '../node_modules'), join(import.meta.dirname, '../../node_modules')];

/** `name version` of a package that is installed here or with the product. */
export function peerVersion(name: string): string {
  for (const folder of FOLDERS) {
    const text = readText(join(folder, name, 'package.json'));
    if (text !== undefined) return `${name} ${(JSON.parse(text) as { readonly version: string }).version}`; // npm's own file
  }
  return `${name} (missing)`;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
