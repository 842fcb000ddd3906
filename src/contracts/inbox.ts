import type { ErrorCode } from './errors.ts';
import type { JsonValue } from './json.ts';
import type { DeliveryOutcome, EntityKey, EventState } from './webhook.ts';

/** One chain that an event calls for, as it is stored when the event is routed; a later deploy does not change it. */
export interface Route {
  readonly chain: string;
  /** Family of its effects in the ledger. */
  readonly ledger: string;
  readonly workflowId: string;
}

/** One event of a delivery, identified, mapped, projected and routed. */
export interface InterpretedEvent {
  /** Normalised: as it stands in workflow ids. */
  readonly eventId: string;
  /** As the provider wrote it, made storable: well-formed, no U+0000, cut to 512 characters. */
  readonly providerId: string;
  readonly providerType: string;
  /** Canonical, or `provider:type`. */
  readonly type: string;
  readonly entity: EntityKey | null;
  readonly occurredAt: Date;
  readonly test: boolean;
  /** True where no signature covers the id. @default false */
  readonly idUnsigned?: boolean | undefined;
  readonly state: EventState;
  /** Why it is quarantined, or ignored by the lists of its source; else null. */
  readonly code: ErrorCode | null;
  readonly detail: string | null;
  /** Projected by the type's schema; null for raw types without a route and for quarantined events. */
  readonly data: JsonValue | null;
  /** Version of the type's schema, which has projected the data; null where none has. */
  readonly schemaVersion: number | null;
  readonly routes: readonly Route[];
}

/** A verified delivery on its way into the inbox. */
export interface InboxDelivery {
  readonly id: string;
  readonly source: string;
  readonly provider: string;
  readonly receivedAt: Date;
  readonly remoteAddress: string | null;
  /** Allow-listed header lines. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  readonly bodySha256: Uint8Array;
  /** What becomes of it where its body was taken before under another id. @default it is not looked for */
  readonly sameBody?: 'flag' | 'refuse' | undefined;
  readonly secretIndex: number;
  /** At least one; each with the UUID that it gets if it is new. */
  readonly events: readonly (InterpretedEvent & { readonly uuid: string })[];
}

/** What the inbox says of one event of a delivery, after the commit. */
export interface InboxOutcome {
  readonly eventId: string;
  readonly eventUuid: string;
  /** `refused` only where the delivery asked for it and its body was taken before under another id. */
  readonly outcome: DeliveryOutcome;
  /** True where a failed run of the event was asked to start again. */
  readonly repairing: boolean;
  /** True where a duplicate's body is not that of the first delivery. */
  readonly bodyDiffers: boolean;
  /** True where a person has cancelled or terminated a run of the event, so that nothing happens. */
  readonly stopped: boolean;
  /** The event under whose id the same body was taken before. */
  readonly sameBodyAs?: string | undefined;
}

/** A refused delivery of a known source. */
export interface Refusal {
  readonly id: string;
  readonly source: string;
  readonly receivedAt: Date;
  readonly remoteAddress: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Null where the sender could not be verified: nothing unsigned is kept. */
  readonly body: Uint8Array | null;
  readonly bodySha256: Uint8Array;
  readonly bodyBytes: number;
  readonly httpStatus: number;
  readonly code: ErrorCode;
  readonly detail: string | null;
}
