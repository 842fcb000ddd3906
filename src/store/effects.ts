import type { EffectState } from './ledger.ts';
import type { Pool, Queryable } from './pool.ts';
import { transaction } from './pool.ts';
import type { RunRow } from './runs.ts';
import { repairRuns } from './runs.ts';

/** What a list of effects is narrowed to. */
export interface EffectFilter {
  readonly state?: EffectState | undefined;
  /** `agent.action`. */
  readonly action?: string | undefined;
  readonly source?: string | undefined;
  readonly limit: number;
}

/** An effect in a list: its row, without its result, and the event that it belongs to. */
export interface EffectSummary {
  readonly eventUuid: string;
  readonly source: string;
  readonly eventId: string;
  readonly ledger: string;
  readonly action: string;
  readonly key: string;
  readonly round: number;
  readonly state: EffectState;
  readonly sends: number;
  readonly detail: string | null;
  readonly updatedAt: Date;
}

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

const LIST = `
SELECT x.event_uuid AS "eventUuid", e.source, e.event_id AS "eventId", x.ledger, x.action, x.key, x.round, x.state, x.sends, x.detail,
       x.updated_at AS "updatedAt"
FROM effects x JOIN events e ON e.uuid = x.event_uuid
WHERE ($1::text IS NULL OR x.action = $1) AND ($2::text IS NULL OR e.source = $2)`;
const NEWEST = 'ORDER BY x.event_uuid DESC, x.intended_at DESC, x.action, x.key, x.round LIMIT $3';

/** Written out, and not a parameter: unknown effects have an index of their own. */
const IN_STATE: Readonly<Record<EffectState, string>> = {
  intended: `AND x.state = 'intended'`,
  sending: `AND x.state = 'sending'`,
  done: `AND x.state = 'done'`,
  unknown: `AND x.state = 'unknown'`,
  undone: `AND x.state = 'undone'`,
};

const SETTLE = `
UPDATE effects SET state = $6, result = NULL, detail = $7 || to_char(now() AT TIME ZONE 'UTC', ' at YYYY-MM-DD HH24:MI:SS"Z"'), updated_at = now()
WHERE event_uuid = $1 AND ledger = $2 AND action = $3 AND key = $4 AND round = $5 AND state = 'unknown' AND sends = $8`;

/** Makes the statements on effects that people ask for; the ledger's own are in `ledger.ts`. */
export function createEffects({ pool }: { readonly pool: Pool }): Effects {
  return {
    list: async ({ state, action, source, limit }) =>
      (
        await pool.query<EffectSummary>({
          name: `effects.list.${state ?? 'all'}`,
          text: `${LIST} ${state === undefined ? '' : IN_STATE[state]} ${NEWEST}`,
          values: [action, source, limit],
        })
      ).rows,
    resolve: (effect, verdict) => resolveIn(pool, effect, verdict),
  };
}

async function resolveIn(pool: Pool, effect: SeenEffect, { verdict, replay }: Verdict): Promise<Resolution> {
  return transaction(pool, async (tx): Promise<Resolution> => {
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
  });
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
