import type { JsonValue } from '../contracts/json.ts';
import type { EntityKey, EventState, RunState } from '../contracts/webhook.ts';
import type { EffectState } from './ledger.ts';
import { toEntityKey } from './run-rows.ts';

/** An event in a list. */
export interface EventSummary {
  readonly uuid: string;
  readonly source: string;
  readonly eventId: string;
  readonly providerType: string;
  readonly type: string;
  readonly entity: EntityKey | null;
  readonly receivedAt: Date;
  readonly test: boolean;
  readonly state: EventState;
  readonly code: string | null;
  readonly detail: string | null;
  readonly runs: readonly EventRunSummary[];
}

/** A run in a list of events. */
export interface EventRunSummary {
  readonly chain: string;
  readonly state: RunState;
  readonly attempt: number;
  readonly code: string | null;
  readonly workflowId: string;
}

/** An event's row. */
export interface EventRow extends Omit<EventSummary, 'runs'> {
  readonly providerId: string;
  readonly provider: string;
  readonly occurredAt: Date;
  /** Null where they have left with the body too. */
  readonly data: JsonValue;
  /** Of the type's schema, which has projected the data; null where none has, and of events older than versions. */
  readonly schemaVersion: number | null;
  /** True where the body is no longer kept: the event cannot be read anew. The data leave with it. */
  readonly bodyGone: boolean;
  /** Of the delivery whose body counts. */
  readonly deliveryId: string;
  /** The event id under which the same signed body had been taken before, where there is one. */
  readonly sameBodyAs: string | null;
}

/** What an action has done, or may have done. */
export interface EffectRow {
  readonly ledger: string;
  readonly action: string;
  readonly key: string;
  readonly round: number;
  readonly state: EffectState;
  readonly attempt: number;
  readonly sends: number;
  /** True where it was performed for test traffic, and has reached nothing. */
  readonly dry: boolean;
  readonly detail: string | null;
  readonly result: JsonValue;
  readonly intendedAt: Date;
  readonly updatedAt: Date;
}

interface CommonColumns {
  readonly uuid: string;
  readonly source: string;
  readonly event_id: string;
  readonly provider_type: string;
  readonly type: string;
  readonly entity_type: string | null;
  readonly entity_id: string | null;
  readonly received_at: Date;
  readonly test: boolean;
  readonly state: EventState;
  readonly cause: string | null;
  readonly detail: string | null;
}

/** Columns of `EventSummary`. */
export interface EventSummaryColumns extends CommonColumns {
  readonly runs: readonly EventRunSummary[];
}

/** Columns of `EventRow`. */
export interface EventColumns extends CommonColumns {
  readonly provider_id: string;
  readonly same_body_as: string | null;
  readonly provider: string;
  readonly occurred_at: Date;
  readonly data: JsonValue;
  readonly schema_version: number | null;
  readonly body_gone: boolean;
  readonly delivery_id: string;
}

/** Columns of `EffectRow`. */
export interface EffectColumns extends Omit<EffectRow, 'intendedAt' | 'updatedAt'> {
  readonly intended_at: Date;
  readonly updated_at: Date;
}

/** Makes an event of a list of its columns. */
export function toEventSummary(row: EventSummaryColumns): EventSummary {
  return { ...toCommon(row), runs: row.runs };
}

/** Makes an event of its columns. */
export function toEventRow(row: EventColumns): EventRow {
  return {
    ...toCommon(row),
    providerId: row.provider_id,
    provider: row.provider,
    occurredAt: row.occurred_at,
    data: row.data,
    schemaVersion: row.schema_version,
    bodyGone: row.body_gone,
    deliveryId: row.delivery_id,
    sameBodyAs: row.same_body_as,
  };
}

/** Makes an effect of its columns. */
export function toEffectRow({ intended_at: intendedAt, updated_at: updatedAt, ...row }: EffectColumns): EffectRow {
  return { ...row, intendedAt, updatedAt };
}

function toCommon(row: CommonColumns): Omit<EventSummary, 'runs'> {
  return {
    uuid: row.uuid,
    source: row.source,
    eventId: row.event_id,
    providerType: row.provider_type,
    type: row.type,
    entity: toEntityKey(row),
    receivedAt: row.received_at,
    test: row.test,
    state: row.state,
    code: row.cause,
    detail: row.detail,
  };
}
