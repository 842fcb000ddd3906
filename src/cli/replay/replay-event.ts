import { HooklineError } from '../../contracts/errors.ts';
import type { Source } from '../../contracts/webhook.ts';
import type { RunRow } from '../../store/runs.ts';
import type { WholeEvent } from '../../store/events.ts';
import type { Store } from '../../store/store.ts';
import { reinterpret, sourceOf } from './reinterpret.ts';
import { toRepeatedEffects } from './repeated-effects.ts';

/** What a replay has done. */
export type Replayed =
  | { readonly did: 'repaired' | 'repeated' | 'routed'; readonly runs: readonly RunRow[] }
  | { readonly did: 'nothing'; readonly reason: string; readonly runs: readonly RunRow[] };

/** What is asked for. */
export interface ReplayWish {
  readonly store: Store;
  readonly whole: WholeEvent;
  /** Only this chain's run. */
  readonly chain?: string | undefined;
  /** Also what is done, with all of its effects. */
  readonly again: boolean;
  readonly sources: readonly Source[];
  readonly now: Date;
  /** Asks whether effects may be made once more. */
  readonly confirm: (effects: WholeEvent['effects']) => Promise<boolean>;
}

/**
 * Repairs an event: failed and stopped runs start again, with `again` finished ones too; an event that no chain has taken is read
 * anew. Runs that are under way are left alone. What was done is found in the ledger and not done again, save by `again`.
 */
export async function replayEvent(wish: ReplayWish): Promise<Replayed> {
  const { whole, chain } = wish;
  if (whole.event.state !== 'routed') return routeAnew(wish);
  const runs = whole.runs.filter((run) => chain === undefined || run.chain === chain);
  if (runs.length === 0) {
    const fix = `it has ${whole.runs.map((run) => `\`${run.chain}\``).join(', ') || 'none'}`;
    throw new HooklineError('cli.usage', { expected: 'a chain of the event', got: 'another', fix });
  }
  return wish.again ? repeat(wish, runs) : repair(wish, runs);
}

async function repair({ store, whole, chain }: ReplayWish, runs: readonly RunRow[]): Promise<Replayed> {
  const asked = await store.runs.repair({ eventUuid: whole.event.uuid, chain, again: false });
  if (asked.length > 0) return { did: 'repaired', runs: asked };
  const open = runs.filter(({ state }) => state !== 'done');
  return {
    did: 'nothing',
    runs,
    reason:
      open.length === 0
        ? 'everything is done; `--again` would do it once more'
        : `nothing has failed: ${open.map(({ chain: name, state }) => `${name} is ${state}`).join(', ')}`,
  };
}

async function repeat({ store, whole, chain, confirm }: ReplayWish, runs: readonly RunRow[]): Promise<Replayed> {
  const closed = runs.filter(({ state }) => state === 'done' || state === 'failed' || state === 'stopped');
  if (closed.length === 0)
    return {
      did: 'nothing',
      runs,
      reason: `${runs.map(({ chain: name, state }) => `${name} is ${state}`).join(', ')}; what is under way cannot be done again`,
    };
  if (!(await confirm(toRepeatedEffects(closed, whole.effects)))) return { did: 'nothing', runs, reason: 'not confirmed' };
  const asked = await store.runs.repair({ eventUuid: whole.event.uuid, chain, again: true });
  return asked.length > 0 ? { did: 'repeated', runs: asked } : { did: 'nothing', runs, reason: 'the runs have been started meanwhile' };
}

async function routeAnew({ store, whole, sources, now }: ReplayWish): Promise<Replayed> {
  const { event } = whole;
  const nothing = (reason: string): Replayed => ({ did: 'nothing', reason, runs: [] });
  const source = sourceOf(event, sources);
  const [delivery] = await store.deliveries.find(event.deliveryId);
  const body = await store.deliveries.body(event.deliveryId);
  if (delivery === undefined || body === undefined) return nothing('the body of its delivery is no longer kept');
  const read = reinterpret({ event, delivery, body, source, now });
  if (!read.ok) return nothing(read.reason);
  if (!(await store.events.reroute(event.uuid, read.event))) return nothing('it has been routed meanwhile');
  const { state, type, code, detail } = read.event;
  if (state === 'routed') return { did: 'routed', runs: await store.runs.listOfEvent(event.uuid) };
  if (code !== null) return nothing(`it is still ${state}: ${code}${detail === null ? '' : `: ${detail}`}`);
  return nothing(`it is still ${state}: no chain wants \`${type}\``);
}
