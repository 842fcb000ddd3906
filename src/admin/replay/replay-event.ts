import { describe } from '../../contracts/errors.ts';
import type { Source } from '../../contracts/webhook.ts';
import { reinterpret, sourceOf } from '../../ingress/reinterpret.ts';
import { reprojectEvent } from '../../ingress/reproject-event.ts';
import { readStoredRequest } from '../../store/event-data.ts';
import { readWholeEvent, rerouteEvent, type EventRow, type WholeEvent } from '../../store/events.ts';
import type { Queryable } from '../../store/pool.ts';
import { lockEventWithRuns } from '../../store/repair-many.ts';
import type { RunRow } from '../../store/runs.ts';
import { repairRuns } from '../../store/runs.ts';
import { ApiError } from '../api/api-error.ts';
import { toRepeatPreview } from './repeat-preview.ts';

/** What a replay has done. */
export type Replayed =
  | {
      readonly did: 'repaired' | 'repeated' | 'routed';
      readonly runs: readonly RunRow[];
      /** What else there is to say: that the data were projected anew, or could not be. */
      readonly note?: string;
    }
  | { readonly did: 'nothing'; readonly reason: string; readonly runs: readonly RunRow[] };

/** What is asked for. */
export interface ReplayWish {
  readonly tx: Queryable;
  readonly uuid: string;
  /** Only this chain's run. */
  readonly chain?: string | undefined;
  /** Also what is done, with all of its effects: those that `toRepeatPreview` has shown, by its fingerprint. */
  readonly again?: { readonly expect: string } | undefined;
  readonly sources: readonly Source[];
  readonly now: Date;
}

/**
 * Repairs an event inside the caller's transaction: failed and stopped runs start again, with `again` finished ones too; an event that no
 * chain has taken is read anew. Runs that are under way are left alone. What was done is found in the ledger and not done again, save by
 * `again`. Throws `api.notFound` where the event is gone, `api.badRequest` where it has no such chain, and `api.conflict` where the ledger
 * is no longer what was shown. The event comes back as it was before.
 */
export async function replayEvent(wish: ReplayWish): Promise<{ readonly event: EventRow; readonly replayed: Replayed }> {
  await lockEventWithRuns(wish.tx, wish.uuid);
  const whole = await readEventToReplay(wish.tx, wish.uuid);
  if (whole.event.state !== 'routed') return { event: whole.event, replayed: await routeAnew(wish, whole) };
  const runs = toRunsOf(whole, wish.chain);
  return {
    event: whole.event,
    replayed: wish.again === undefined ? await repair(wish, whole, runs) : await repeat(wish, whole, wish.again),
  };
}

/** The event that is to be replayed; throws `api.notFound` where there is none. */
export async function readEventToReplay(db: Queryable, uuid: string): Promise<WholeEvent> {
  const whole = await readWholeEvent(db, uuid);
  if (whole === undefined)
    throw new ApiError('api.notFound', { expected: 'the UUID of an event', got: `\`${uuid}\``, fix: 'see `hookline events`' });
  return whole;
}

/** The runs of an event, or the one of a chain; throws `api.badRequest` where the event has none of it. */
export function toRunsOf(whole: Pick<WholeEvent, 'runs'>, chain: string | undefined): readonly RunRow[] {
  const runs = whole.runs.filter((run) => chain === undefined || run.chain === chain);
  if (runs.length > 0) return runs;
  const fix = `it has ${whole.runs.map((run) => `\`${run.chain}\``).join(', ') || 'none'}`;
  throw new ApiError('api.badRequest', { expected: 'a chain of the event', got: 'another', fix });
}

async function repair(wish: ReplayWish, whole: WholeEvent, runs: readonly RunRow[]): Promise<Replayed> {
  if (!runs.some(({ state }) => state === 'failed' || state === 'stopped')) {
    const open = runs.filter(({ state }) => state !== 'done');
    if (open.length === 0) return { did: 'nothing', runs, reason: 'everything is done; `--again` would do it once more' };
    const reason = `nothing has failed: ${open.map(({ chain, state }) => `${chain} is ${state}`).join(', ')}`;
    return { did: 'nothing', runs, reason };
  }
  return start(wish, { whole, runs, again: false });
}

async function repeat(wish: ReplayWish, whole: WholeEvent, { expect }: { readonly expect: string }): Promise<Replayed> {
  const runs = toRunsOf(whole, wish.chain);
  const shown = toRepeatPreview(whole, wish.chain);
  if (!shown.ok) return { did: 'nothing', runs, reason: shown.reason };
  if (shown.expect !== expect) {
    const got = 'one that has changed since';
    throw new ApiError('api.conflict', { expected: 'the ledger as it was shown', got, fix: 'look at what would be repeated again' });
  }
  return start(wish, { whole, runs, again: true });
}

interface Start {
  readonly whole: WholeEvent;
  readonly runs: readonly RunRow[];
  readonly again: boolean;
}

async function start({ tx, uuid, chain, sources, now }: ReplayWish, { whole, runs, again }: Start): Promise<Replayed> {
  const projected = await reprojectEvent({ db: tx, event: whole.event, sources, now });
  if (projected.did === 'refused') return { did: 'nothing', runs, reason: projected.reason };
  const asked = await repairRuns(tx, { eventUuid: uuid, chain, again });
  if (asked.length === 0) return { did: 'nothing', runs, reason: 'the runs have been started meanwhile' };
  return { did: again ? 'repeated' : 'repaired', runs: asked, ...('note' in projected ? { note: projected.note } : {}) };
}

async function routeAnew({ tx, sources, now }: ReplayWish, { event }: WholeEvent): Promise<Replayed> {
  const nothing = (reason: string): Replayed => ({ did: 'nothing', reason, runs: [] });
  const source = sourceOf(event, sources);
  const request = await readStoredRequest(tx, event.deliveryId);
  if (request === undefined) return nothing(describe('event.bodyGone', {}));
  const read = reinterpret({ event, delivery: request, body: request.body, source, now });
  if (!read.ok) return nothing(read.reason);
  if (!(await rerouteEvent(tx, event.uuid, read.event))) return nothing('it has been routed meanwhile, or its body has just left');
  const { state, type, code, detail } = read.event;
  if (state === 'routed') return { did: 'routed', runs: (await readEventToReplay(tx, event.uuid)).runs };
  if (code !== null) return nothing(`it is still ${state}: ${code}${detail === null ? '' : `: ${detail}`}`);
  return nothing(`it is still ${state}: no chain wants \`${type}\``);
}
