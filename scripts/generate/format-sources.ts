import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format } from 'oxfmt';
import { parse } from 'yaml';

/** A file that is about to be written: where it stands, relative to the root with `/`, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Formats TypeScript and JSON as `npm run fix` would, by the settings of the project; other files stay as they are. Throws where one does not parse. */
export async function formatSources<Source extends SourceFile>(root: string, sources: readonly Source[]): Promise<readonly Source[]> {
  const config = parse(await readFile(join(root, '.oxfmtrc.json'), 'utf8')) as Record<string, unknown>; // oxfmt checks its form
  const { $schema: _schema, ignorePatterns: _ignored, ...options } = config;
  return Promise.all(
    sources.map(async (source) => {
      if (!/\.(?:ts|json)$/.test(source.path)) return source;
      const { code, errors } = await format(source.path, source.text, options);
      if (errors[0] !== undefined) throw new Error(`${source.path}: ${errors[0].message}`);
      return { ...source, text: code };
    }),
  );
}
