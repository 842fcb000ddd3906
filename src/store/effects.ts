import { listEffects, type EffectFilter, type EffectSummary } from './list-effects.ts';
import type { Pool, Queryable } from './pool.ts';
import { transaction } from './pool.ts';
import type { RunRow } from './runs.ts';
import { repairRuns } from './runs.ts';

export type { EffectFilter, EffectSummary } from './list-effects.ts';

/** Which row of the ledger, and how often it had been sent when a person looked at it. */
export interface SeenEffect {
  readonly eventUuid: string;
  readonly ledger: string;
  readonly action: string;
  readonly key: string;
  readonly round: number;
  readonly sends: number;
}

/** What a person has found out, and whether the run that waits for it is to go on. */
export interface Verdict {
  readonly verdict: 'sent' | 'sendAgain';
  /** Starts the failed run again, in the same transaction. */
  readonly replay: boolean;
}

/** What a resolution has changed: the effect and the runs that start again, or nothing. */
export type Resolution = { readonly ok: true; readonly runs: readonly RunRow[] } | { readonly ok: false; readonly reason: string };

/** The effect ledger as people look at it and settle it. */
export interface Effects {
  /** Of the newest event first. */
  list(filter: EffectFilter): Promise<readonly EffectSummary[]>;
  /**
   * Settles an effect of which nobody knew whether it has happened; one transaction. `sent` makes it done, without a result;
   * `sendAgain` has the next attempt send it. Changes nothing while a run of its ledger is under way, nor where the row says
   * something else than the person has seen: a sender that is still alive has the last word.
   */
  resolve(effect: SeenEffect, verdict: Verdict): Promise<Resolution>;
}

const SETTLE = `
UPDATE effects SET state = $6, result = NULL, detail = $7 || to_char(now() AT TIME ZONE 'UTC', ' at YYYY-MM-DD HH24:MI:SS"Z"'), updated_at = now()
WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round = $5 AND state = 'unknown' AND sends = $8`;

/** Makes the statements on effects that people ask for; the ledger's own are in `ledger.ts`. */
export function createEffects({ pool }: { readonly pool: Pool }): Effects {
  return {
    list: (filter) => listEffects(pool, filter),
    resolve: (effect, verdict) => transaction(pool, (tx) => resolveEffect(tx, effect, verdict)),
  };
}

/** `Effects.resolve`, inside the caller's transaction. */
export async function resolveEffect(tx: Queryable, effect: SeenEffect, { verdict, replay }: Verdict): Promise<Resolution> {
  const runs = await lockRuns(tx, effect);
  const open = runs.find(({ state }) => state === 'pending' || state === 'started' || state === 'repair_requested');
  if (open !== undefined) return { ok: false, reason: `run \`${open.chain}\` is under way (${open.state}), and may still settle it` };
  if (verdict === 'sendAgain' && !runs.some(({ state }) => state === 'failed' || state === 'stopped'))
    return { ok: false, reason: 'its run is done, so that nothing would send it; `hookline replay --again` does all of it once more' };
  if (!(await settle(tx, effect, verdict))) return { ok: false, reason: 'it is no longer unknown, or has been sent once more meanwhile' };
  const asked: RunRow[] = [];
  for (const { chain, state } of runs)
    if (replay && state === 'failed') asked.push(...(await repairRuns(tx, { eventUuid: effect.eventUuid, chain, again: false })));
  return { ok: true, runs: asked };
}

/** The runs of the effect's ledger, which cannot start or end before this transaction does. */
async function lockRuns(tx: Queryable, { eventUuid, ledger }: SeenEffect): Promise<readonly Pick<RunRow, 'chain' | 'state'>[]> {
  const text = 'SELECT chain, state FROM runs WHERE event_uuid = $1 AND ledger = $2 ORDER BY chain FOR UPDATE';
  return (await tx.query<Pick<RunRow, 'chain' | 'state'>>({ name: 'effects.lockRuns', text, values: [eventUuid, ledger] })).rows;
}

async function settle(
  tx: Queryable,
  { eventUuid, ledger, action, key, round, sends }: SeenEffect,
  verdict: Verdict['verdict'],
): Promise<boolean> {
  const [state, said] =
    verdict === 'sent' ? ['done', 'resolved by an operator, as sent,'] : ['intended', 'resolved by an operator, to be sent again,'];
  const values = [eventUuid, ledger, action, key, round, state, said, sends];
  return (await tx.query({ name: 'effects.settle', text: SETTLE, values })).rowCount === 1;
}
