import type { DeliveryView } from '../../admin/api/views/delivery-view.ts';
import type { EventListView } from '../../admin/api/views/event-view.ts';
import type { RefusalCount } from '../../store/deliveries.ts';
import { followRuns } from './follow-runs.ts';
import type { TailLine } from './tail-line.ts';
import { toBatches, type TailReader } from './tail-reader.ts';

/** What happens, from one look to the next. */
export interface Tail {
  /** Looks once, and emits what is new, the oldest first. After a look that has failed, the next one begins where that had. */
  look(reader: TailReader): Promise<void>;
}

/** Options of `createTail`. */
export interface TailOptions {
  /** From when on deliveries are told. @default those that come after the first look */
  readonly since?: Date | undefined;
  readonly emit: (line: TailLine) => void;
  readonly now: () => Date;
}

/**
 * Deliveries are stored in batches, by several processes: one that came earlier may be there a little later. So each look reads the last
 * seconds once more, and every now and then a minute: longer than an ingress waits for a commit.
 */
const OVERLAP_MS = 5_000;
const LONG_OVERLAP_MS = 60_000;
const LONG_EVERY_MS = 10_000;
/** What is older than any look reads back is forgotten. */
const FORGET_MS = 10 * 60_000;

/** Makes a tail that has told nothing yet. It tells no delivery twice, and none that became visible within a minute is left out. */
export function createTail({ since, emit, now }: TailOptions): Tail {
  const told = new Map<string, number>();
  const counts = new Map<string, { readonly count: number; readonly at: number }>();
  const following = followRuns(now);
  let begin = since;
  let newest: Date | undefined;
  let started = since !== undefined;
  let longAt = 0;

  const from = (): { readonly time: Date | undefined; readonly long: boolean } => {
    const long = now().getTime() - longAt >= LONG_EVERY_MS;
    if (newest === undefined) return { time: begin, long };
    const overlapped = newest.getTime() - (long ? LONG_OVERLAP_MS : OVERLAP_MS);
    return { time: new Date(Math.max(overlapped, begin?.getTime() ?? 0)), long };
  };

  /** What is there already is passed over, as if it had been told. */
  const start = async (reader: TailReader): Promise<void> => {
    const last = await reader.newest(undefined);
    if (last !== undefined) {
      const first = new Date(last.getTime() - LONG_OVERLAP_MS);
      const { rows, counted } = await reader.deliveries(first);
      for (const { id, receivedAt } of rows) if (receivedAt.getTime() <= last.getTime()) told.set(id, receivedAt.getTime());
      for (const one of counted) counts.set(keyOf(one), { count: one.count, at: one.minute.getTime() });
      begin = first;
      newest = last;
    }
    started = true;
  };

  return {
    async look(reader) {
      if (!started) await start(reader);
      const { time, long } = from();
      const seen = await reader.newest(newest ?? time); // before the list: what comes between is in both
      const { rows, counted } = await reader.deliveries(time);
      const fresh = rows.filter(({ id }) => !told.has(id)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const events = await eventsOf(reader, fresh);
      const lines: TailLine[] = [];
      for (const delivery of fresh) {
        const own = delivery.eventIds.flatMap((id) => events.get(placeOf(delivery.source, id)) ?? []);
        told.set(delivery.id, delivery.receivedAt.getTime());
        lines.push({ kind: 'delivery', delivery, events: own });
        following.add(delivery, own);
      }
      for (const refused of counted) {
        const before = counts.get(keyOf(refused))?.count ?? 0;
        counts.set(keyOf(refused), { count: refused.count, at: refused.minute.getTime() });
        if (refused.count > before) lines.push({ kind: 'counted', refused: { ...refused, count: refused.count - before } });
      }
      newest = seen ?? newest;
      if (long) longAt = now().getTime();
      forget(newest);
      try {
        await following.look(reader, (line) => lines.push(line));
      } finally {
        for (const line of lines.toSorted((a, b) => orderOf(a) - orderOf(b))) emit(line);
      }
    },
  };

  function forget(time: Date | undefined): void {
    const oldest = (time?.getTime() ?? 0) - FORGET_MS;
    for (const [id, at] of told) if (at < oldest) told.delete(id);
    for (const [key, { at }] of counts) if (at < oldest) counts.delete(key);
  }
}

/** A run stands below what has led to it, whatever the clocks say. */
function orderOf(line: TailLine): number {
  if (line.kind === 'delivery') return line.delivery.receivedAt.getTime();
  if (line.kind === 'counted') return line.refused.minute.getTime();
  return Math.max(line.run.receivedAt.getTime(), line.run.closedAt?.getTime() ?? 0);
}

/** The events of deliveries, by source and id: their rows came with the delivery's own. */
async function eventsOf(reader: TailReader, rows: readonly DeliveryView[]): Promise<ReadonlyMap<string, EventListView>> {
  const found = new Map<string, EventListView>();
  for (const wanted of toBatches(rows.flatMap(({ source, eventIds }) => eventIds.map((eventId) => ({ source, eventId })))))
    for (const event of await reader.events(wanted)) found.set(placeOf(event.source, event.eventId), event);
  return found;
}

function placeOf(source: string, eventId: string): string {
  return `${source} ${eventId}`; // neither holds a space
}

function keyOf({ source, code, minute }: RefusalCount): string {
  return `${source} ${code} ${minute.getTime()}`;
}
