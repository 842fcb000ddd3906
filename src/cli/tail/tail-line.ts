import type { DeliveryView } from '../../admin/api/views/delivery-view.ts';
import type { EventListView } from '../../admin/api/views/event-view.ts';
import type { RunListView } from '../../admin/api/views/run-view.ts';
import { toPrintable } from '../../admin/printable.ts';
import { toSpanText, toTimeText } from '../../admin/time-text.ts';
import type { RefusalCount } from '../../store/deliveries.ts';
import { widthOf, type Cell, type Paint } from '../table.ts';
import { toStateCell } from '../tones.ts';

/** What has happened, in one line. */
export type TailLine =
  | { readonly kind: 'delivery'; readonly delivery: DeliveryView; readonly events: readonly EventListView[] }
  /** Refusals above the cap, of which no delivery is kept: so many more. */
  | { readonly kind: 'counted'; readonly refused: RefusalCount }
  | { readonly kind: 'run'; readonly run: RunListView };

/** The line for a person. What senders have written is made printable, and no payload stands in it. */
export function toTailText(line: TailLine, paint: Paint): string {
  const cells = [toTimeText(timeOf(line)), ...toCells(line)].map((cell) => (typeof cell === 'string' ? { text: cell } : cell));
  return cells
    .map(({ text, ...rest }, index) => {
      const safe = toPrintable(text);
      const painted = 'tone' in rest ? paint(rest.tone, safe) : safe;
      return painted + ' '.repeat(Math.max(0, (WIDTHS[index] ?? 0) - widthOf(safe)));
    })
    .join('  ')
    .trimEnd();
}

/** Of time, source, outcome, type or chain. */
const WIDTHS = [20, 10, 11, 16] as const;

function toCells(line: TailLine): readonly Cell[] {
  if (line.kind === 'counted') {
    const { source, code, count } = line.refused;
    return [source, toStateCell('refused'), code, `${count} more in this minute, only counted`];
  }
  if (line.kind === 'run') {
    const { source, state, chain, eventId, code, attempt, startedAt, closedAt } = line.run;
    const took = startedAt === null || closedAt === null ? '' : toSpanText(closedAt.getTime() - startedAt.getTime());
    const tried = attempt === 1 ? '' : `attempt ${attempt}`;
    return [source, toStateCell(state), chain, [eventId, code ?? '', tried, took].filter((text) => text !== '').join('  ')];
  }
  const { source, outcome, code, id, eventIds } = line.delivery;
  const types = [...new Set(line.events.map(({ type, test }) => (test ? `${type} (test)` : type)))].join(', ');
  const names = eventIds.length === 0 ? `delivery ${id}` : eventIds.join(', ');
  const about = line.events.flatMap(({ entity }) => (entity === null ? [] : [`${entity.type} ${entity.id}`])).join(', ');
  const cause = code ?? '';
  if (types === '') return [source, toStateCell(outcome), cause, names];
  return [source, toStateCell(outcome), types, [names, about, cause].filter((text) => text !== '').join('  ')];
}

function timeOf(line: TailLine): Date {
  if (line.kind === 'delivery') return line.delivery.receivedAt;
  return line.kind === 'counted' ? line.refused.minute : (line.run.closedAt ?? line.run.receivedAt);
}
