import type { FaultRow, NamedTest, TestedFault } from '../matrix/fault-row.ts';
import { loadMatrix } from '../matrix/load-matrix.ts';
import { readResults, type RowResult } from '../matrix/matrix-results.ts';

/** The lines between which the table stands in `docs/reliability.md`. */
const MATRIX_MARKS = { open: '<!-- generated: matrix -->', close: '<!-- end of generated: matrix -->' } as const;

/** The page with the fault matrix of the project in it; as it is where it has no place for one. */
export async function withFaultMatrix(root: string, page: string): Promise<string> {
  const [head, rest] = page.split(MATRIX_MARKS.open);
  const tail = rest?.split(MATRIX_MARKS.close)[1];
  if (head === undefined || tail === undefined) return page;
  return `${head}${MATRIX_MARKS.open}\n\n${toFaultTable(await loadMatrix(root), await readResults(root))}\n${MATRIX_MARKS.close}${tail}`;
}

/** The matrix as a table: of each fault what is expected, its tests, the guard that they watch, and the last results. */
export function toFaultTable(rows: readonly FaultRow[], results: readonly RowResult[]): string {
  const last = new Map(results.map((result) => [result.row, result]));
  const lines = rows.map((row) =>
    'reason' in row ? toLine([row.number, row.fault, row.reason, '–', '–', 'cannot come']) : toTestedLine(row, last.get(row.number)),
  );
  return [
    toLine(['', 'fault', 'expected', 'tests', 'mutant', 'last result']),
    toLine(['---', '---', '---', '---', '---', '---']),
    ...lines,
    '',
  ].join('\n');
}

function toTestedLine({ number, fault, expected, tests, mutant }: TestedFault, result: RowResult | undefined): string {
  return toLine([number, fault, expected, byFile(tests), mutant.means, toWords(result)]);
}

/** Each file once, linked, with its tests behind it. */
function byFile(tests: readonly NamedTest[]): string {
  const files = [...new Set(tests.map(({ file }) => file))];
  return files
    .map((file) => {
      const names = tests.filter((test) => test.file === file).map(({ name }) => `“${name}”`);
      return `[${file.replace(/^test\//, '').replace(/\.test\.ts$/, '')}](../${file}): ${names.join('; ')}`;
    })
    .join('<br>');
}

function toWords(result: RowResult | undefined): string {
  const { tests, mutant } = result ?? {};
  return [
    tests === undefined ? 'not run' : `${tests.outcome} ${tests.date} (${tests.commit})`,
    mutant === undefined ? 'mutant not run' : `mutant ${mutant.outcome} ${mutant.date}`,
  ].join('<br>');
}

function toLine(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}
