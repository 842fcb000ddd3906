import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { toActions } from './generate/actions.ts';
import type { Output } from './generate/catalogues.ts';
import { toCatalogues } from './generate/catalogues.ts';
import { withDrillResults } from './generate/drill-results.ts';
import { toErrorsPage } from './generate/errors-page.ts';
import { withFaultMatrix } from './generate/fault-matrix.ts';
import { formatSources } from './generate/format-sources.ts';
import { toMetricsPage } from './generate/metrics-page.ts';
import { toOpenApiPage } from './generate/openapi-page.ts';
import { toRoomGraph } from './generate/room-graph.ts';
import { toSettingsPage } from './generate/settings-page.ts';

/** What a run of the generator has found. */
export interface Generated {
  /** Files that are not as they would be generated; without `check` they have been written. */
  readonly changed: readonly string[];
  /** What must be mended by hand; nothing is written while there is any. */
  readonly problems: readonly string[];
}

const ARCHITECTURE = 'docs/architecture.md';
const RELIABILITY = 'docs/reliability.md';

/** Writes, or with `check` only compares, every generated file of a project. The same sources give the same bytes. */
export async function generate({ root, check }: { readonly root: string; readonly check: boolean }): Promise<Generated> {
  const catalogues = await toCatalogues(root);
  const actions = toActions(catalogues.agents);
  const architecture = await withBlock(join(root, ARCHITECTURE), await toRoomGraph(root));
  const reliability = await readFile(join(root, RELIABILITY), 'utf8').catch(() => undefined); // a project without the page has no matrix
  const outputs: readonly Output[] = [
    ...catalogues.outputs,
    actions.output,
    { path: 'docs/errors.md', text: toErrorsPage() },
    { path: 'docs/settings.md', text: toSettingsPage() },
    { path: 'docs/metrics.md', text: toMetricsPage() },
    ...(architecture === undefined ? [] : [{ path: ARCHITECTURE, text: architecture }]),
    ...(reliability === undefined
      ? []
      : [{ path: RELIABILITY, text: await withDrillResults(root, await withFaultMatrix(root, reliability)) }]),
  ];
  const problems = [
    ...catalogues.problems,
    ...actions.problems,
    ...(architecture === undefined ? [`${ARCHITECTURE}: expected the lines \`${OPEN}\` and \`${CLOSE}\``] : []),
    ...(await strays(root, outputs)),
  ];
  if (problems.length > 0) return { changed: [], problems };

  const changed: string[] = [];
  const write = async (written: readonly Output[]): Promise<void> => {
    for (const { path, text } of await formatSources(root, written)) {
      const before = await readFile(join(root, path), 'utf8').catch(() => undefined);
      if (before === text) continue;
      changed.push(path);
      if (!check) await writeFile(join(root, path), text);
    }
  };
  await write(outputs);
  // the API is described by code that takes the catalogues: where they are stale, it might not even load
  if (!check || !changed.some((path) => path.endsWith('.gen.ts'))) await write([await toOpenApiPage()]);
  return { changed, problems: [] };
}

const OPEN = '<!-- generated: rooms -->';
const CLOSE = '<!-- end of generated: rooms -->';

async function withBlock(path: string, block: string): Promise<string | undefined> {
  const page = await readFile(path, 'utf8').catch(() => '');
  const [head, rest] = page.split(OPEN);
  const tail = rest?.split(CLOSE)[1];
  return head === undefined || tail === undefined ? undefined : `${head}${OPEN}\n\n${block}\n${CLOSE}${tail}`;
}

/** Generated files that nothing generates any more. */
async function strays(root: string, outputs: readonly Output[]): Promise<readonly string[]> {
  const files = await readdir(join(root, 'src'), { recursive: true });
  const known = new Set(outputs.map(({ path }) => path));
  return files
    .map((file) => `src/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.gen.ts') && !known.has(file))
    .map((file) => `${file}: nothing generates this file: delete it`);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  const { changed, problems } = await generate({ root: join(import.meta.dirname, '..'), check: values.check });
  for (const problem of problems) console.error(problem);
  for (const path of changed) console.error(values.check ? `${path}: stale: run \`npm run generate\`` : `${path}: written`);
  if (problems.length > 0 || (values.check && changed.length > 0)) process.exitCode = 1;
}
