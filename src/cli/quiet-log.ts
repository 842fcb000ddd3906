import type { Log } from '../contracts/names.ts';

/** Commands speak on the screen; what the driver would log is thrown as well. */
export const quietLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
