import type { FaultRow } from './fault-row.ts';
import { ROWS_01_TO_11 } from './rows-01-11.ts';
import { ROWS_12_TO_22 } from './rows-12-22.ts';
import { ROWS_23_TO_43 } from './rows-23-43.ts';

/** Every row of the fault matrix, in the order of their numbers. */
export const MATRIX: readonly FaultRow[] = [...ROWS_01_TO_11, ...ROWS_12_TO_22, ...ROWS_23_TO_43];
