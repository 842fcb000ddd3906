import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatSources } from '../generate/format-sources.ts';

/** Where the last results are kept. */
const RESULTS_FILE = 'docs/reliability/matrix.json';

/** When and of what a result is. */
export interface Provenance {
  /** ISO 8601, to the day. */
  readonly date: string;
  /** Short; with `+` where the sources were not quite those. */
  readonly commit: string;
  /** Version of Node. */
  readonly node: string;
}

/** Whether the tests of a row have passed. */
export interface TestsResult extends Provenance {
  readonly outcome: 'passed' | 'failed';
}

/** Whether a test of the row has failed, by an expectation of its own, while the row's guard was out. */
export interface MutantResult extends Provenance {
  readonly outcome: 'caught' | 'missed';
  /** Names of the tests. */
  readonly by: readonly string[];
}

/** The last results of a row. */
export interface RowResult {
  readonly row: number;
  readonly tests?: TestsResult;
  readonly mutant?: MutantResult;
}

/** The last results of each row that has any, by number. */
export async function readResults(root: string): Promise<readonly RowResult[]> {
  const text = await readFile(join(root, RESULTS_FILE), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '[]';
    throw error;
  });
  return JSON.parse(text) as readonly RowResult[]; // written below
}

/** Writes new results over older ones of the same rows. */
export async function keepResults(root: string, results: readonly RowResult[]): Promise<void> {
  const kept = new Map((await readResults(root)).map((result) => [result.row, result]));
  for (const result of results) kept.set(result.row, { ...kept.get(result.row), ...result });
  const text = JSON.stringify([...kept.values()].sort((a, b) => a.row - b.row));
  for (const source of await formatSources(root, [{ path: RESULTS_FILE, text }])) await writeFile(join(root, source.path), source.text);
}
