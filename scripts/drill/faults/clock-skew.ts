import { PROCESSES } from '../drill-fleet.ts';
import type { Fault } from '../faults.ts';
import { between, pick } from '../random.ts';

/** Wrong clocks are wrong by this much, in seconds. */
const WRONG_S = [120, 600] as const;
/**
 * How far the clock of an ingress may be behind. From 5 minutes on an event that is sent now is "more than 5 minutes ahead of its
 * receipt": it is quarantined (`event.fromFuture`) and waits for a person, as it should, so that there would be no end state to compare.
 */
const MOST_BEHIND_S = 240;
const STAGE_MS = [3_000, 6_000] as const;

/** One process is replaced by one whose clock is 2 to 10 minutes wrong, which jumps back to the other side while it runs, and is put right. */
export const clockSkew: Fault = async ({ stack, random, note, wait }) => {
  const { fleet } = stack;
  const name = pick(random, PROCESSES);
  const ahead = Math.round(between(random, ...WRONG_S));
  const behind = Math.round(between(random, WRONG_S[0], name.startsWith('ingress') ? MOST_BEHIND_S : WRONG_S[1]));
  const clock = await stack.wrongClock(name, ahead);
  const replace = async (env: Readonly<Record<string, string>>): Promise<void> => {
    fleet.equip(name, env);
    await fleet.stop(name);
    await fleet.start(name);
  };
  note(`${name} was ${ahead} s ahead, and jumped to ${behind} s behind`);
  try {
    await replace(clock.env);
    await wait(between(random, ...STAGE_MS));
    await clock.set(-behind);
    await wait(between(random, ...STAGE_MS));
  } finally {
    await replace({});
  }
};
