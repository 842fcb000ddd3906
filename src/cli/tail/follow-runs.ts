import type { DeliveryView } from '../../admin/api/views/delivery-view.ts';
import type { EventListView } from '../../admin/api/views/event-view.ts';
import type { RunListView } from '../../admin/api/views/run-view.ts';
import type { TailLine } from './tail-line.ts';
import { toBatches, type TailReader } from './tail-reader.ts';

/** Follows the runs of events until nothing of them is under way. */
export interface RunFollower {
  /** From now on follows what a delivery has led to. */
  add(delivery: DeliveryView, events: readonly EventListView[]): void;
  /** Looks at those whose turn it is, and tells each run that has closed, once an attempt. */
  look(reader: Pick<TailReader, 'runs'>, tell: (line: TailLine) => void): Promise<void>;
}

/** An event that is followed. */
interface Followed {
  readonly source: string;
  readonly eventId: string;
  /** Of a resend: what had closed before it is not told. */
  readonly resentAt: number;
  /** Attempts that were told, by chain. */
  readonly told: Map<string, number>;
  from: number;
  /** Infinity where nothing is under way: it is kept a while only so that a resend tells nothing twice. */
  dueAt: number;
}

const SECOND_MS = 1_000;
/** The longer something takes, the less often it is looked at. */
const RAREST_MS = 60 * SECOND_MS;
/** A failed run may be repaired; one that is not for so long is left alone. */
const REPAIR_MS = 3_600 * SECOND_MS;
/** What has no run for so long, since it is held, is left alone too. */
const HELD_MS = 24 * 3_600 * SECOND_MS;

/** How long something that is over is remembered. */
const REMEMBERED_MS = 60 * SECOND_MS;

/** Makes a follower of nothing yet. */
export function followRuns(now: () => Date): RunFollower {
  const followed = new Map<string, Followed>();
  return {
    add({ receivedAt, outcome }, events) {
      const at = now().getTime();
      const resentAt = outcome === 'duplicate' ? receivedAt.getTime() : 0;
      for (const { source, eventId, state } of events) {
        if (state !== 'routed' && state !== 'held') continue;
        const key = `${source} ${eventId}`;
        const known = followed.get(key);
        if (known === undefined) followed.set(key, { source, eventId, resentAt, told: new Map(), from: at, dueAt: at });
        else Object.assign(known, { from: at, dueAt: at });
      }
    },
    async look(reader, tell) {
      const at = now().getTime();
      const due = [...followed.values()].filter(({ dueAt }) => dueAt <= at);
      for (const wanted of toBatches(due)) {
        const runs = await reader.runs(wanted);
        for (const id of wanted.ids) {
          const key = `${wanted.source} ${id}`;
          const event = followed.get(key);
          if (event === undefined) continue;
          const own = runs.filter(({ eventId }) => eventId === id);
          for (const run of own.filter(isClosed)) {
            const isNew = (run.closedAt?.getTime() ?? at) >= event.resentAt && event.told.get(run.chain) !== run.attempt;
            event.told.set(run.chain, run.attempt);
            if (isNew) tell({ kind: 'run', run });
          }
          const age = at - event.from;
          event.dueAt = isOver(own, age) ? Number.POSITIVE_INFINITY : at + Math.min(RAREST_MS, Math.max(SECOND_MS, age / 10));
        }
      }
      for (const [key, { from, dueAt }] of followed) if (!Number.isFinite(dueAt) && at - from > REMEMBERED_MS) followed.delete(key);
    },
  };
}

function isOver(runs: readonly RunListView[], ageMs: number): boolean {
  if (runs.length === 0) return ageMs > HELD_MS;
  if (!runs.every(isClosed)) return false;
  return runs.every(({ state }) => state === 'done') || ageMs > REPAIR_MS;
}

function isClosed({ state }: RunListView): boolean {
  return state === 'done' || state === 'failed' || state === 'stopped';
}
