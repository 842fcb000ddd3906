import { setTimeout } from 'node:timers/promises';
import { HooklineError, codeOf } from '../contracts/errors.ts';
import { toJson } from '../contracts/json.ts';
import { claimEffect, markSending, settleEffect, takeOver, type Effect, type LedgerCall } from '../store/ledger.ts';
import type { Pool } from '../store/pool.ts';
import type { EffectAction } from './define-agent.ts';
import { EffectFailure } from './effect-failure.ts';
import { toEffectKey } from './effect-key.ts';
import { fenced, finished, requireSameInput, type Performed } from './state-ledger.ts';

/** One performance of an effect action. */
export interface EffectPerformance extends LedgerCall {
  readonly action: EffectAction<unknown, unknown>;
  readonly input: unknown;
  readonly signal: AbortSignal;
}

/**
 * Performs an effect that is never silently repeated: `intended` is committed before the call, `sending` before its point of
 * no return, `done` or `unknown` after. A row that says `sending` or `unknown` at the start is resolved by the policy.
 */
export async function performEffect(pool: Pool, performance: EffectPerformance): Promise<Performed> {
  const { action, call, runId, inputSha256 } = performance;
  const effect = await claimEffect(pool, performance);
  if (!effect.fresh) {
    if (effect.state === 'done' || effect.state === 'undone') return { result: finished(effect, performance), fromLedger: true };
    requireSameInput(effect, call, inputSha256);
    if (effect.state !== 'intended' && action.policy === 'atMostOnce') throw await giveToOperator(pool, performance, effect);
    if (!(await takeOver(pool, { call, round: effect.round, runId, sends: effect.sends }))) throw fenced(call);
  }
  return { result: await send(pool, performance, effect), fromLedger: false };
}

async function send(pool: Pool, performance: EffectPerformance, { round, sends }: Effect): Promise<Performed['result']> {
  const { action, call, runId, input, signal } = performance;
  let sent = 0;
  let marking: Promise<unknown> = Promise.resolve();
  const mark = async (): Promise<void> => {
    if (signal.aborted) throw new EffectFailure('effect.fenced', { happened: 'no', where: `\`${call.action}\`` });
    if (!(await markSending(pool, { call, round, runId, sends: sends + sent }))) throw fenced(call);
    sent += 1;
  };
  const sending = (): Promise<void> => {
    const marked = marking.then(mark);
    marking = marked.catch(() => undefined); // whoever has called `sending` sees the failure
    return marked;
  };
  let output: unknown;
  try {
    output = await action.run(input, { call, effectKey: toEffectKey(call, round), sending, signal });
  } catch (error) {
    await marking; // a mark that is still under way must not land after what is written here
    if (sent === 0 || codeOf(error) === 'effect.fenced') throw error;
    const happened = error instanceof EffectFailure ? error.happened : 'unknown';
    await settleEffect(pool, {
      call,
      round,
      sends: sends + sent,
      state: happened === 'no' ? 'intended' : 'unknown',
      detail: codeOf(error),
    });
    throw happened === 'unknown' && action.policy === 'atMostOnce' ? unknown(performance, error) : error;
  }
  const result = toJson(output);
  await insist(() => settleEffect(pool, { call, round, sends: sends + sent, state: 'done', result }), signal);
  return result;
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
