import type { Fault } from '../faults.ts';
import { LINES } from '../net/network.ts';
import { between, pick } from '../random.ts';

/**
 * Every connection to Temporal, PostgreSQL or a vendor ends at once, and so do new ones in place of each answer, for 1 to 4 s: what was
 * asked has been done, and nobody is told.
 */
export const connectionsCut: Fault = async ({ stack: { network }, random, note, wait }) => {
  const line = pick(random, LINES);
  note(`connections to ${line} were cut`);
  network.break(line, 'dropping');
  network.cut(line);
  await wait(between(random, 1_000, 4_000));
  network.mend(line);
};
