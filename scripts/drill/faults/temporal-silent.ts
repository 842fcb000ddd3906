import type { Fault } from '../faults.ts';
import { between } from '../random.ts';

/**
 * Temporal takes connections and answers nothing, for 6 to 12 s: by turns it has heard everything and its answers are lost, or it is
 * stopped in its tracks and hears it afterwards.
 */
export const temporalSilent: Fault = async ({ stack: { network, temporal }, random, note, wait }) => {
  const hears = random() < 0.5;
  note(hears ? 'answers of Temporal were lost' : 'Temporal was stopped in its tracks');
  if (hears) network.break('temporal', 'silent');
  else temporal.pause();
  await wait(between(random, 6_000, 12_000));
  network.mend('temporal');
  temporal.resume();
};
