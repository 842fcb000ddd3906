import type { EffectState } from '../../../src/store/ledger.ts';
import type { EventState, RunState } from '../../../src/contracts/webhook.ts';

/** A delivery that was stored. */
export interface DeliveryRow {
  readonly id: string;
  readonly source: string;
  readonly outcome: string;
  readonly eventIds: readonly string[];
  readonly bodyDiffers: boolean;
}

/** An event; times are milliseconds, JSON is text as PostgreSQL's `json` keeps it. */
export interface EventRow {
  readonly uuid: string;
  readonly source: string;
  readonly eventId: string;
  readonly type: string;
  readonly entityType: string | null;
  readonly entityId: string | null;
  readonly occurredAt: number;
  readonly receivedAt: number;
  readonly test: boolean;
  readonly state: EventState;
  readonly data: string | null;
  readonly deliveryId: string;
  readonly bodySha256: string;
}

/** A run. */
export interface RunRow {
  readonly eventUuid: string;
  readonly chain: string;
  readonly seq: number;
  readonly workflowId: string;
  readonly ledger: string;
  readonly state: RunState;
  readonly attempt: number;
  readonly round: number;
  readonly restarts: number;
  readonly dueAt: number;
  readonly leaseOwner: string | null;
  readonly leaseUntil: number | null;
  readonly tries: number;
  readonly runId: string | null;
  readonly startedAt: number | null;
  readonly closedAt: number | null;
  readonly checkAt: number | null;
  readonly checks: number;
  readonly stuckSince: number | null;
  readonly code: string | null;
  readonly detail: string | null;
  readonly result: string | null;
}

/** A row of the ledger. */
export interface EffectRow {
  readonly eventUuid: string;
  readonly ledger: string;
  readonly action: string;
  readonly key: string;
  readonly round: number;
  readonly state: EffectState;
  readonly attempt: number;
  readonly runId: string;
  /** Hexadecimal. */
  readonly inputSha256: string | null;
  readonly result: string | null;
  readonly detail: string | null;
  readonly sends: number;
  readonly dry: boolean;
}

/** An entity. */
export interface EntityRow {
  readonly type: string;
  readonly id: string;
  readonly fields: string;
  readonly versions: string;
}

/** A switch that is set. */
export interface SwitchRow {
  readonly verb: 'hold' | 'pause';
  readonly kind: string;
  readonly name: string;
  readonly since: number;
}

/** A vendor that has asked to be left alone. */
export interface VendorWaitRow {
  readonly adapter: string;
  readonly until: number;
  readonly since: number;
}

/** What a state action of the simulation has written: a row each time, so that doing it twice shows. */
export interface BookingRow {
  readonly id: string;
  readonly effectKey: string;
  readonly eventUuid: string;
  /** False once the booking has been taken back. */
  readonly stands: boolean;
}

/** The tables of the model, by the primary key of each row. */
export interface Tables {
  readonly deliveries: DeliveryRow;
  /** By source and event id, which are unique. */
  readonly events: EventRow;
  readonly runs: RunRow;
  readonly effects: EffectRow;
  readonly entities: EntityRow;
  readonly switches: SwitchRow;
  readonly vendorWaits: VendorWaitRow;
  readonly bookings: BookingRow;
}

/** The parts of a primary key as one text; none of them holds the sign. */
export function toKey(...parts: readonly (string | number)[]): string {
  return parts.join('|');
}
