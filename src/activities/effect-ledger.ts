import { setTimeout } from 'node:timers/promises';
import { HooklineError, codeOf } from '../contracts/errors.ts';
import { toJson } from '../contracts/json.ts';
import type { ActionCall } from '../contracts/run.ts';
import {
  claimEffect,
  markSending,
  settleAndWait,
  settleEffect,
  takeOver,
  type Effect,
  type LedgerCall,
  type SendClaim,
} from '../store/ledger.ts';
import type { Pool } from '../store/pool.ts';
import type { AdapterName } from '../store/stops.ts';
import { ActionPaused } from './action-paused.ts';
import { ActionWaiting } from './action-waiting.ts';
import type { EffectAction } from './define-agent.ts';
import { EffectFailure } from './effect-failure.ts';
import { toEffectKey } from './effect-key.ts';
import { fenced, finished, fromLedger, requireSameInput, type Performed } from './state-ledger.ts';

/** One performance of an effect action. */
export interface EffectPerformance extends LedgerCall {
  readonly action: EffectAction<unknown, unknown>;
  /** The same, made of dry dependencies. */
  readonly dryAction: EffectAction<unknown, unknown>;
  readonly input: unknown;
  readonly signal: AbortSignal;
}

/**
 * Performs an effect that is never silently repeated: `intended` is committed before the call, `sending` before its point of
 * no return, `done` or `unknown` after. A row that says `sending` or `unknown` at the start is resolved by the policy. A dry one goes
 * from `intended` to `done`. Throws `ActionPaused` while an operator has stopped it, and `ActionWaiting` while its vendor has asked to be
 * left alone: nothing goes out after either was committed.
 */
export async function performEffect(pool: Pool, performance: EffectPerformance): Promise<Performed> {
  const { action, call, inputSha256 } = performance;
  const { effect, stop } = await claimEffect(pool, performance);
  if (effect === undefined) throw new ActionPaused(stop);
  if (effect.state === 'done' || effect.state === 'undone') return fromLedger(finished(effect, performance), effect.dry);
  if (stop !== undefined) throw new ActionPaused(stop);
  if (effect.fresh) return send(pool, performance, effect);
  requireSameInput(effect, call, inputSha256);
  if (effect.state !== 'intended' && action.policy === 'atMostOnce') throw await giveToOperator(pool, performance, effect);
  const taken = await takeOver(pool, { ...performance, round: effect.round, sends: effect.sends });
  if (taken === undefined) throw fenced(call);
  return send(pool, performance, { ...effect, ...taken });
}

async function send(pool: Pool, performance: EffectPerformance, { round, sends, dry }: Effect): Promise<Performed> {
  const { call, chain, runId, input, signal } = performance;
  const action = dry ? performance.dryAction : performance.action;
  let sent = 0;
  let isMarkDoubtful = false;
  let lastAdapter: AdapterName | undefined;
  let marking: Promise<unknown> = Promise.resolve();
  const mark = async (adapter: AdapterName | undefined): Promise<void> => {
    if (signal.aborted) throw new EffectFailure('effect.fenced', { happened: 'no', where: `\`${call.action}\`` });
    if (dry) return;
    isMarkDoubtful = true;
    const claim = await markSending(pool, { call, chain, adapter, round, runId, sends: sends + sent });
    isMarkDoubtful = false;
    if (!claim.sending) throw toRefusal(claim, call);
    sent += 1;
    lastAdapter = adapter;
  };
  const sending = (adapter?: AdapterName): Promise<void> => {
    const marked = marking.then(() => mark(adapter));
    marking = marked.catch(() => undefined); // whoever has called `sending` sees the failure
    return marked;
  };
  let output: unknown;
  try {
    output = await action.run(input, { call, effectKey: toEffectKey(call, round), sending, signal });
  } catch (error) {
    await marking; // a mark that is still under way must not land after what is written here
    if (sent === 0 && isMarkDoubtful) {
      // PostgreSQL may have written the mark all the same, but nobody was told, and nothing has gone out
      await settleEffect(pool, { call, round, sends: sends + 1, state: 'intended', detail: codeOf(error) });
    }
    if (sent === 0 || codeOf(error) === 'effect.fenced') throw error;
    const happened = error instanceof EffectFailure ? error.happened : 'unknown';
    const ended = { call, round, sends: sends + sent, state: happened === 'no' ? 'intended' : 'unknown', detail: codeOf(error) } as const;
    const retryAfterMs = error instanceof EffectFailure ? error.retryAfterMs : undefined;
    if (lastAdapter === undefined || retryAfterMs === undefined) await settleEffect(pool, ended);
    else await settleAndWait(pool, { ...ended, adapter: lastAdapter, retryAfterMs });
    throw happened === 'unknown' && action.policy === 'atMostOnce' ? unknown(performance, error) : error;
  }
  const result = toJson(output);
  await insist(() => settleEffect(pool, { call, round, sends: sends + sent, state: 'done', result }), signal);
  return { result, fromLedger: false, dry, superseded: [] };
}

/** Why an effect must not go out: nobody but a person stops what its vendor would take, and nobody waits for what another attempt owns. */
function toRefusal({ stop, wait }: Exclude<SendClaim, { readonly sending: true }>, call: ActionCall): HooklineError {
  if (stop !== undefined) return new ActionPaused(stop);
  return wait === undefined ? fenced(call) : new ActionWaiting(wait);
}

/** The effect has happened: try to write that down until the attempt's time is over, since unwritten it counts as unknown. */
async function insist(settle: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  for (let delayMs = 50; ; delayMs = Math.min(delayMs * 2, 1_000)) {
    try {
      await settle();
      return;
    } catch (error) {
      if (signal.aborted) throw error;
      await setTimeout(delayMs, undefined, { signal }).catch(() => undefined); // an abort ends the loop above, at its next failure
    }
  }
}

async function giveToOperator(pool: Pool, performance: EffectPerformance, { round, sends }: Effect): Promise<HooklineError> {
  await settleEffect(pool, { call: performance.call, round, sends, state: 'unknown', detail: 'effect.unknown' });
  return unknown(performance, undefined);
}

function unknown({ call }: EffectPerformance, cause: unknown): HooklineError {
  return new HooklineError('effect.unknown', { where: `\`${call.action}\`, key \`${call.key}\``, cause });
}
