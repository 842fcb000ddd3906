export type { FaultMutant, FaultRow, TestedFault } from '../../scripts/matrix/fault-row.ts';
