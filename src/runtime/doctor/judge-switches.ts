import type { SetSwitch } from '../../store/switches.ts';
import type { VendorWait } from '../../store/vendor-waits.ts';
import { bad, good, type Finding } from './finding.ts';

/** What waits for its vendor, as that has asked: each until when. */
export function judgeWaits(waits: readonly VendorWait[]): readonly Finding[] {
  return waits.map(({ adapter, until, since }) =>
    bad('info', {
      check: 'vendors',
      found: `vendor \`${adapter}\` has asked since ${since.toISOString()} to be left alone until ${until.toISOString()} (Retry-After)`,
      fix: `none: what waits goes on by itself; \`hookline resume adapter ${adapter}\` ends the wait`,
    }),
  );
}

/** What an operator has stopped: each since when, by whom and why, and how it goes on. */
export function judgeSwitches(switches: readonly SetSwitch[]): readonly Finding[] {
  const check = 'switches';
  if (switches.length === 0) return [good(check, 'nothing is held or paused')];
  return switches.map(({ verb, kind, name, since, by, reason }) =>
    bad('warn', {
      check,
      found: `${kind === 'all' ? 'everything' : `${kind} \`${name}\``} is ${verb === 'hold' ? 'held' : 'paused'} since ${since.toISOString()} by ${by}${reason === null ? '' : `: ${reason}`}`,
      fix: `\`hookline ${toCommand({ verb, kind, name })}\` when it may go on`,
    }),
  );
}

function toCommand({ verb, kind, name }: Pick<SetSwitch, 'verb' | 'kind' | 'name'>): string {
  if (verb === 'pause') return `resume ${kind} ${name}`;
  return kind === 'all' ? 'release --all' : `release ${name}`;
}
