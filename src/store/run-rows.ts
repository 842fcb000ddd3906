import type { JsonValue } from '../contracts/json.ts';
import type { ChainEvent } from '../contracts/run.ts';
import type { EntityKey, RunState } from '../contracts/webhook.ts';

/** A run that this process may start. */
export interface ClaimedRun {
  readonly event: ChainEvent;
  readonly chain: string;
  readonly workflowId: string;
  readonly ledger: string;
  readonly state: Extract<RunState, 'pending' | 'repair_requested'>;
  readonly attempt: number;
  readonly round: number;
  /** Starts of this attempt that Temporal has forgotten. */
  readonly restarts: number;
  /** Starts of this attempt that failed and were counted. */
  readonly tries: number;
  /** Of the delivery whose body counts. */
  readonly deliveryId: string;
}

/** A run that our row says Temporal runs. */
export interface StartedRun {
  readonly eventUuid: string;
  readonly chain: string;
  readonly attempt: number;
  readonly restarts: number;
  readonly workflowId: string;
  readonly runId: string;
  readonly startedAt: Date;
  /** Whether its row says that it does not go on. */
  readonly stuck: boolean;
}

/** A run's row as people see it. */
export interface RunRow {
  readonly eventUuid: string;
  readonly chain: string;
  readonly workflowId: string;
  readonly ledger: string;
  readonly state: RunState;
  readonly attempt: number;
  readonly round: number;
  readonly tries: number;
  /** Temporal's, of the newest start; null before the first. */
  readonly runId: string | null;
  readonly dueAt: Date;
  readonly startedAt: Date | null;
  readonly closedAt: Date | null;
  /** Since when Temporal cannot carry it on while it is `started`; null while it can. */
  readonly stuckSince: Date | null;
  readonly code: string | null;
  readonly detail: string | null;
  readonly result: JsonValue;
}

/** Columns of `ClaimedRun`. */
export interface ClaimedRow {
  readonly event_uuid: string;
  readonly chain: string;
  readonly workflow_id: string;
  readonly ledger: string;
  readonly state: ClaimedRun['state'];
  readonly attempt: number;
  readonly round: number;
  readonly restarts: number;
  readonly tries: number;
  readonly source: string;
  readonly event_id: string;
  readonly type: string;
  readonly entity_type: string | null;
  readonly entity_id: string | null;
  readonly occurred_at: Date;
  readonly received_at: Date;
  readonly test: boolean;
  readonly data: JsonValue;
  readonly delivery_id: string;
}

/** Makes a claimed run of its columns. */
export function toClaimedRun(row: ClaimedRow): ClaimedRun {
  return {
    event: {
      uuid: row.event_uuid,
      source: row.source,
      id: row.event_id,
      type: row.type,
      entity: toEntityKey(row),
      occurredAt: row.occurred_at.toISOString(),
      receivedAt: row.received_at.toISOString(),
      test: row.test,
      data: row.data,
    },
    chain: row.chain,
    workflowId: row.workflow_id,
    ledger: row.ledger,
    state: row.state,
    attempt: row.attempt,
    round: row.round,
    restarts: row.restarts,
    tries: row.tries,
    deliveryId: row.delivery_id,
  };
}

/** Columns of `StartedRun`. */
export interface StartedRow {
  readonly event_uuid: string;
  readonly chain: string;
  readonly attempt: number;
  readonly restarts: number;
  readonly workflow_id: string;
  readonly run_id: string;
  readonly started_at: Date;
  readonly stuck: boolean;
}

/** Makes a started run of its columns. */
export function toStartedRun(row: StartedRow): StartedRun {
  return {
    eventUuid: row.event_uuid,
    chain: row.chain,
    attempt: row.attempt,
    restarts: row.restarts,
    workflowId: row.workflow_id,
    runId: row.run_id,
    startedAt: row.started_at,
    stuck: row.stuck,
  };
}

/** What `toRunRow` takes, of `runs r`. */
export const RUN_ROW =
  'r.event_uuid, r.chain, r.seq, r.workflow_id, r.ledger, r.state, r.attempt, r.round, r.tries, r.run_id, r.due_at, r.started_at, r.closed_at, r.stuck_since, r.code, r.detail, r.result';

/** Columns of `RunRow`. */
export interface RunRowColumns {
  readonly event_uuid: string;
  readonly chain: string;
  readonly workflow_id: string;
  readonly ledger: string;
  readonly state: RunState;
  readonly attempt: number;
  readonly round: number;
  readonly tries: number;
  readonly run_id: string | null;
  readonly due_at: Date;
  readonly started_at: Date | null;
  readonly closed_at: Date | null;
  readonly stuck_since: Date | null;
  readonly code: string | null;
  readonly detail: string | null;
  readonly result: JsonValue;
}

/** Makes a run's row of its columns. */
export function toRunRow(row: RunRowColumns): RunRow {
  return {
    eventUuid: row.event_uuid,
    chain: row.chain,
    workflowId: row.workflow_id,
    ledger: row.ledger,
    state: row.state,
    attempt: row.attempt,
    round: row.round,
    tries: row.tries,
    runId: row.run_id,
    dueAt: row.due_at,
    startedAt: row.started_at,
    closedAt: row.closed_at,
    stuckSince: row.stuck_since,
    code: row.code,
    detail: row.detail,
    result: row.result,
  };
}

/** An entity's key of its two columns; null where the event has none. */
export function toEntityKey({
  entity_type: type,
  entity_id: id,
}: {
  readonly entity_type: string | null;
  readonly entity_id: string | null;
}): EntityKey | null {
  return type === null || id === null ? null : { type, id };
}
