import { join } from 'node:path';
import type { FaultRow } from './fault-row.ts';

/** Where the rows stand: beside their tests. */
const MATRIX_FILE = 'test/faults/matrix.ts';

/** Every row of the fault matrix of a project. */
export async function loadMatrix(root: string): Promise<readonly FaultRow[]> {
  // scripts never import tests, and these rows are data: the compiler holds them to the same type where they stand
  const { MATRIX } = (await import(join(root, MATRIX_FILE))) as { readonly MATRIX: readonly FaultRow[] };
  return MATRIX;
}
