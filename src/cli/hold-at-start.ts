import type { Log } from '../contracts/names.ts';
import { createPool } from '../store/pool.ts';
import { listSwitches, setSwitch, type SetSwitch } from '../store/switches.ts';
import { toPrintable } from '../admin/printable.ts';
import { toTimeText } from '../admin/time-text.ts';

/**
 * Holds everything before the first webhook is taken, the first run started and the first action performed, where that is wanted: the
 * database must be migrated, and nothing that is started here may use it yet. Resolves to the hold of everything that stands then,
 * whoever has set it, and says so in the log. A start without the option ends none.
 */
export async function holdAtStart({
  databaseUrl,
  wanted,
  log,
}: {
  readonly databaseUrl: string;
  readonly wanted: boolean;
  readonly log: Log;
}): Promise<SetSwitch | undefined> {
  const pool = createPool({ url: databaseUrl, max: 1, applicationName: 'hookline-hold', log });
  try {
    if (wanted) await setSwitch(pool, { verb: 'hold', kind: 'all', name: '*' }, { by: 'start --hold', reason: null });
    const held = (await listSwitches(pool)).find(({ verb, kind }) => verb === 'hold' && kind === 'all');
    if (held !== undefined) log.warn({ component: 'switches', cause: sayHeld(held) }, 'everything is held until `hookline release --all`');
    return held;
  } finally {
    await pool.close();
  }
}

/** What a screen says of a hold of everything, and how it ends. */
export function toHoldText(held: SetSwitch): string {
  return [
    `Everything is ${sayHeld(held)}: webhooks are taken and kept, and nothing runs.`,
    '',
    '  npm run hookline -- release --all',
    '',
    'lets all of it go on.',
    '',
  ].join('\n');
}

function sayHeld({ since, by }: SetSwitch): string {
  return `held since ${toTimeText(since)} by ${toPrintable(by)}`;
}
