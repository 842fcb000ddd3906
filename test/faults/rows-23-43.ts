import { ROWS_23_TO_33 } from './rows-23-33.ts';
import { ROWS_34_TO_43 } from './rows-34-43.ts';
import type { FaultRow } from './fault-row.ts';

/** The faults of other vendors, of PostgreSQL, of clocks and secrets, of the public edge, and of deploys. */
export const ROWS_23_TO_43: readonly FaultRow[] = [...ROWS_23_TO_33, ...ROWS_34_TO_43];
