import { toTimeText } from '../admin/time-text.ts';
import { toPrintable } from '../admin/printable.ts';
import type { SetSwitch } from '../store/switches.ts';
import type { VendorWait } from '../store/vendor-waits.ts';
import { toTable, type Cell, type Paint } from './table.ts';

/** What a switch is called in a sentence: `hold shop`, `pause agent email`, as commands have it. */
export function toSwitchName({ verb, kind, name }: Pick<SetSwitch, 'verb' | 'kind' | 'name'>): string {
  if (kind === 'all') return 'hold --all';
  return verb === 'hold' ? `hold ${name}` : `pause ${kind} ${name}`;
}

/** Switches that are set, one line each. */
export function toSwitchTable(switches: readonly SetSwitch[], paint: Paint): string {
  const rows = switches.map(({ verb, kind, name, since, by, reason }): readonly Cell[] => [
    { text: verb, tone: 'busy' },
    kind,
    name,
    toTimeText(since),
    by,
    reason ?? '',
  ]);
  return toTable({ head: ['stopped by', 'what', 'name', 'since', 'by', 'reason'], rows }, paint);
}

/** What operators have stopped, and which vendors must not be asked yet. */
export function toStoppedScreen(
  { switches, waits }: { readonly switches: readonly SetSwitch[]; readonly waits: readonly VendorWait[] },
  paint: Paint,
): string {
  const rows = waits.map(({ adapter, until, since }): readonly Cell[] => [adapter, toTimeText(until), toTimeText(since)]);
  return [
    switches.length === 0 ? 'nothing is stopped' : toSwitchTable(switches, paint),
    ...(rows.length === 0 ? [] : [toTable({ head: ['waiting for vendor', 'until (Retry-After)', 'since'], rows }, paint)]),
  ].join('\n');
}

/** What was done with a switch, what that means, and which others are still set. */
export function toSwitchScreen({ said, others }: { readonly said: string; readonly others: readonly SetSwitch[] }, paint: Paint): string {
  return [toPrintable(said), ...(others.length === 0 ? [] : [`Still stopped:\n${toSwitchTable(others, paint)}`])].join('\n');
}
