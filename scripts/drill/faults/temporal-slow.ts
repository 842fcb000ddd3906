import type { Fault } from '../faults.ts';
import { between } from '../random.ts';

/** Every answer of Temporal is 1 to 3 s late, for 6 to 12 s. */
export const temporalSlow: Fault = async ({ stack: { network }, random, note, wait }) => {
  note('Temporal answered 1 to 3 s late');
  network.break('temporal', 'slow');
  await wait(between(random, 6_000, 12_000));
  network.mend('temporal');
};
