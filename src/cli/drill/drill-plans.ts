import { HooklineError } from '../../contracts/errors.ts';
import { nearestName } from '../../runtime/settings/nearest-name.ts';
import { toPrintable } from '../../admin/printable.ts';

/** How a drill against a running installation sends its events. */
export interface DrillPlan {
  readonly name: string;
  /** What happens, for `--help` and the verdict. */
  readonly means: string;
  /** How many copies of each event come beside the first, half of them at once with it. */
  readonly copies: number;
  /** Whether the changes of one thing come newest first. */
  readonly newestFirst: boolean;
  /** Whether all events come at once, whatever the rate. */
  readonly atOnce: boolean;
}

const QUIET = { copies: 0, newestFirst: false, atOnce: false } as const;

/** The drills that only post, and break nothing. */
export const DRILL_PLANS: readonly DrillPlan[] = [
  { ...QUIET, name: 'quiet', means: 'each event comes once' },
  { ...QUIET, name: 'duplicate-storm', means: 'each event comes six times, half of them at once', copies: 5 },
  { ...QUIET, name: 'reorder', means: 'the changes of each customer and ticket come newest first', newestFirst: true },
  { ...QUIET, name: 'burst', means: 'all events come at once', atOnce: true },
];

/**
 * The plan that a name means; throws `cli.usage` for any other name, with what there is, and with the command that runs the drills that break
 * what they run on.
 */
export function toDrillPlan(name: string): DrillPlan {
  const plan = DRILL_PLANS.find((one) => one.name === name);
  if (plan !== undefined) return plan;
  const names = DRILL_PLANS.map((one) => one.name);
  const near = nearestName(name, names);
  const told = PLAIN.test(name) ? name : '<name>';
  const fix = `a drill that breaks things needs a stack of its own, and starts one: \`npm run drill -- ${told}\` in a checkout`;
  throw new HooklineError('cli.usage', {
    expected: `a drill that breaks nothing: ${names.map((one) => `\`${one}\``).join(', ')}`,
    got: `\`${toPrintable(name.slice(0, 200))}\``,
    fix: near === undefined ? fix : `did you mean \`${near}\`? ${fix}`,
  });
}

const PLAIN = /^[a-z]{1,20}(?:-[a-z]{1,20}){0,3}$/;
