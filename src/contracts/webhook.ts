import type { ErrorCode } from './errors.ts';
import type { JsonValue } from './json.ts';

/** The headers of a request as they came: every line, in order, so that a doubled header can be seen. */
export interface DeliveryHeaders {
  /** The value of a header that stands exactly once; `undefined` when it is absent or doubled. Names in any case. */
  one(name: string): string | undefined;
  /** Every value of a header, in order of the lines. */
  all(name: string): readonly string[];
  /** Every line, names in lower case. */
  readonly lines: readonly (readonly [name: string, value: string])[];
}

/** One HTTP request to a source, before anything of it is believed. */
export interface IncomingRequest {
  readonly headers: DeliveryHeaders;
  /** The raw bytes as they came over the wire. */
  readonly body: Uint8Array;
  readonly receivedAt: Date;
  /** The whole URL that the sender posted to: `publicUrl`, path and query as they came. Some vendors sign it. @default it is not known */
  readonly url?: string | undefined;
}

/** Where a generic source finds one thing of an event. Exactly one of the three. */
export type Locator = { readonly header: string } | { readonly pointer: string } | { readonly value: string };

/** Options of a source that its provider reads. */
export interface SourceOptions {
  /** Where the id stands, or `bodyHash`: the SHA-256 of the body is the id, so equal bodies are one event. */
  readonly id?: Locator | 'bodyHash' | undefined;
  readonly type?: Locator | undefined;
  readonly time?: Locator | undefined;
  readonly data?: Locator | undefined;
  /** The system of orders that are named without one. @default the source's name */
  readonly references?: string | undefined;
  /** How old a signed time may be. @default the provider's own limit */
  readonly toleranceSeconds?: number | undefined;
  /** What becomes of a body that was taken before and comes under another id, where no signature covers the id. @default 'flag' */
  readonly sameBody?: 'flag' | 'refuse' | 'allow' | undefined;
}

/** One configured endpoint: `POST /webhooks/:source`. */
export interface Source {
  readonly name: string;
  readonly provider: string;
  /** Live secrets, any of which may sign; never empty. */
  readonly secrets: readonly string[];
  readonly options: SourceOptions;
  /** Addresses and CIDR ranges that may post to it. @default every address */
  readonly allow?: readonly string[] | undefined;
  /** Event types that are routed: canonical, raw or the provider's own, or the beginning of one and `*`. @default every type */
  readonly include?: readonly string[] | undefined;
  /** Event types that are not routed, of the same form; this list goes before the other. @default none */
  readonly exclude?: readonly string[] | undefined;
  /** How many signed deliveries one process takes. @default no limit */
  readonly rateLimit?: { readonly perSecond: number; readonly burst: number } | undefined;
  /** Whether test traffic reaches dry adapters only. @default 'dry' */
  readonly test?: 'dry' | 'live' | undefined;
  /** After how many hours without a delivery operators are alerted. @default never */
  readonly silentAfterHours?: number | undefined;
}

/** What verification says. */
export type Verdict =
  | { readonly ok: true; readonly secretIndex: number }
  | { readonly ok: false; readonly code: SignatureCode; readonly detail?: string };

/** The codes that verification may give. */
export type SignatureCode = Extract<ErrorCode, `signature.${string}`>;

/** One event as its provider names it; a request may hold many. */
export interface Identity {
  /** The provider's own id; absent where the request has none. */
  readonly id: string | undefined;
  /** The provider's own type: `orders/create`. */
  readonly type: string | undefined;
  readonly occurredAt?: Date | undefined;
  /** The part of the request that is this event's payload. */
  readonly payload: JsonValue;
  /** True where the vendor marks the event as test traffic. */
  readonly test?: boolean | undefined;
  /** True where the id stands outside the signature: who holds a captured request can send it again under another. */
  readonly idUnsigned?: boolean | undefined;
}

/** What has become of a delivery. */
export type DeliveryOutcome = 'accepted' | 'duplicate' | 'ignored' | 'held' | 'quarantined' | 'refused';

/** What has become of an event. */
export type EventState = 'routed' | 'ignored' | 'held' | 'quarantined';

/** What has become of a run. */
export type RunState = 'pending' | 'started' | 'done' | 'failed' | 'stopped' | 'repair_requested';

/** An entity's key: ids carry the system they come from, `shopify:1001`. */
export interface EntityKey {
  readonly type: string;
  readonly id: string;
}
