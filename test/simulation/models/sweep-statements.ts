import type { ModelStatement } from './model-database.ts';
import { toParameters } from './parameters.ts';
import type { RunRow } from './rows.ts';
import { isStarted, keyOf, repaired } from './run-statements.ts';

/** `runs.dueChecks` */
export const dueChecks: ModelStatement = function* (tx, values) {
  const due = tx
    .all('runs')
    .filter((run) => isStarted(run) && run.checkAt !== null && run.checkAt <= tx.now && !tx.isTaken('runs', keyOf(run)))
    .toSorted((a, b) => (a.checkAt ?? 0) - (b.checkAt ?? 0))
    .slice(0, toParameters(values).number(1));
  for (const run of due) {
    yield* tx.lock('runs', keyOf(run));
    const delayS = Math.min(300, 5 * 2 ** Math.min(run.checks, 10));
    tx.put('runs', keyOf(run), { ...run, checks: run.checks + 1, checkAt: tx.now + delayS * 1_000 });
  }
  const rows = due.map((run) => ({
    event_uuid: run.eventUuid,
    chain: run.chain,
    attempt: run.attempt,
    restarts: run.restarts,
    workflow_id: run.workflowId,
    run_id: run.runId,
    started_at: new Date(run.startedAt ?? 0),
    stuck: run.stuckSince !== null,
  }));
  return { rows, rowCount: rows.length };
};

/** `runs.checkAllSoon` */
export const checkAllSoon: ModelStatement = function* (tx) {
  const started = tx.all('runs').filter(isStarted);
  for (const run of started) {
    yield* tx.lock('runs', keyOf(run));
    const current = tx.get('runs', keyOf(run));
    if (current?.state === 'started') tx.put('runs', keyOf(run), { ...current, checkAt: tx.now, checks: 0 });
  }
  return { rows: [], rowCount: started.length };
};

/** `runs.repair` */
export const repair: ModelStatement = function* (tx, values) {
  const given = toParameters(values);
  const [eventUuid, chain, again] = [given.text(1), given.textOrNull(2), given.boolean(3)];
  const takes = ({ state }: RunRow): boolean => state === 'failed' || state === 'stopped' || (again && state === 'done');
  const asked = tx.all('runs').filter((run) => run.eventUuid === eventUuid && (chain === null || run.chain === chain) && takes(run));
  const rows: object[] = [];
  for (const run of asked.toSorted((a, b) => (a.chain < b.chain ? -1 : 1))) {
    yield* tx.lock('runs', keyOf(run));
    const current = tx.get('runs', keyOf(run));
    if (current === undefined || !takes(current)) continue;
    const rounds = tx.all('effects').filter((effect) => effect.eventUuid === eventUuid && effect.ledger === current.ledger);
    const round = again ? Math.max(current.round, ...rounds.map((effect) => effect.round + 1)) : current.round;
    const next = { ...repaired(current, tx.now), round };
    tx.put('runs', keyOf(run), next);
    rows.push(toRow(next));
  }
  return { rows, rowCount: rows.length };
};

function toRow(run: RunRow): object {
  const toDate = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
  return {
    event_uuid: run.eventUuid,
    chain: run.chain,
    workflow_id: run.workflowId,
    ledger: run.ledger,
    state: run.state,
    attempt: run.attempt,
    round: run.round,
    tries: run.tries,
    run_id: run.runId,
    due_at: new Date(run.dueAt),
    started_at: toDate(run.startedAt),
    closed_at: toDate(run.closedAt),
    stuck_since: toDate(run.stuckSince),
    code: run.code,
    detail: run.detail,
    result: run.result === null ? null : (JSON.parse(run.result) as unknown),
  };
}
