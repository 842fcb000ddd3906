import type { Log } from '../../contracts/names.ts';
import { findAlerts } from '../../store/alert-findings.ts';
import type { AlertFindings, AlertLimits } from '../../store/alert-findings.ts';
import { countTry, keepMessage, readSinks } from '../../store/alert-messages.ts';
import type { AlertMessage } from '../../store/alert-messages.ts';
import { readAlerts, writeAlerts } from '../../store/alerts.ts';
import { holdChore } from '../../store/chores.ts';
import { transaction } from '../../store/pool.ts';
import type { Pool } from '../../store/pool.ts';
import type { AlertSink } from './alert-sink.ts';
import { decideItems } from './decide-items.ts';
import { decideStanding } from './decide-standing.ts';
import { tellSink } from './tell-sink.ts';

/** What a look is made with. */
export interface LookOptions {
  readonly pool: Pool;
  readonly sinks: readonly AlertSink[];
  readonly limits: AlertLimits;
  readonly remindAfterMs: number;
  readonly clearAfterMs: number;
  /** This process among all that could look, and for how long it keeps the chore. */
  readonly chore: { readonly name: 'alerts'; readonly owner: string; readonly leaseMs: number };
  readonly newUuid: () => string;
  readonly log: Log;
  /** The code of each sink's last failure: kept from look to look. */
  readonly failures: Map<string, string>;
  readonly signal: AbortSignal;
}

/**
 * Looks once, where no other process does: finds, decides, and tells every sink what is new to it. What is to be told is committed before
 * it is sent. False where another process has the chore. Rejects where PostgreSQL cannot be asked.
 */
export async function lookOnce(options: LookOptions): Promise<boolean> {
  const { pool, sinks, limits, chore, log, failures, signal } = options;
  if (!(await holdChore(pool, chore))) return false;
  const findings = await findAlerts(pool, limits, (rule, err) =>
    log.warn({ component: 'alerts', rule, err }, 'it could not be looked whether something needs a person'),
  );
  if (findings.looked.size === 0) return true; // each failure is logged
  const messages = await decide(options, findings);
  if (messages === null) return false;
  const ends = await Promise.allSettled(
    sinks.flatMap((sink) => {
      const message = messages.get(sink.name);
      return message === undefined ? [] : [tellSink({ pool, sink, message, log, failures, signal })];
    }),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return true;
}

/** One transaction: what stands, and what is on its way to each sink; null where the chore has gone to another process meanwhile. */
async function decide(
  { pool, sinks, remindAfterMs, clearAfterMs, chore, newUuid, log }: LookOptions,
  findings: AlertFindings,
): Promise<ReadonlyMap<string, AlertMessage> | null> {
  const decided = await transaction(pool, async (tx) => {
    if (!(await holdChore(tx, chore))) return null;
    const { now, standing: before } = await readAlerts(tx);
    const { standing, raised, over } = decideStanding({ before, findings, now, clearAfterMs });
    await writeAlerts(tx, { standing, over });
    const stateOf = await readSinks(
      tx,
      sinks.map(({ name }) => name),
    );
    const messages = new Map<string, AlertMessage>();
    for (const { name: sink } of sinks) {
      const { tellings, message } = stateOf(sink);
      const items = message === undefined ? decideItems({ standing, found: findings.found, tellings, now, remindAfterMs }) : [];
      if (message !== undefined) messages.set(sink, await countTry(tx, message));
      else if (items.length > 0) messages.set(sink, await keepMessage(tx, { sink, id: newUuid(), madeAt: now, items }));
    }
    return { messages, raised, over };
  });
  for (const { rule, target, count } of decided?.raised ?? []) log.warn({ component: 'alerts', rule, target, count }, 'alert raised');
  for (const { rule, target, count } of decided?.over ?? []) log.info({ component: 'alerts', rule, target, count }, 'alert over');
  return decided?.messages ?? null;
}
