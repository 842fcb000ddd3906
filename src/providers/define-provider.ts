import type { JsonObject, JsonValue } from '../contracts/json.ts';
import type { ErrorCode } from '../contracts/errors.ts';
import type { DeliveryHeaders, Identity, IncomingRequest, SourceOptions, Verdict } from '../contracts/webhook.ts';

/** What verification may know beside the request. */
export interface VerifyContext {
  /** The source's live secrets, any of which may have signed. */
  readonly secrets: readonly string[];
  readonly now: Date;
  /** How old a signed time may be; null skips the check. @default the provider's own: 300 s */
  readonly toleranceSeconds?: number | null | undefined;
  /** Whether a vendor's outdated scheme is accepted where its current one is absent; no source does. @default false */
  readonly legacy?: boolean | undefined;
}

/** What verification reads of a request. */
export type SignedRequest = Pick<IncomingRequest, 'headers' | 'body' | 'url'>;

/** Judges a request by its raw bytes and headers. Never throws for anything that a sender can put into them. */
export type Verify = (request: SignedRequest, context: VerifyContext) => Verdict;

/** What is signed when Hookline itself plays the provider: for `trigger`, tests and load. */
export interface SignInput {
  readonly body: Uint8Array;
  readonly secret: string;
  readonly now: Date;
  /** The request's other headers, for schemes that sign one of them. @default none, and what must be signed is made up */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Makes the headers that `verify` accepts. */
export type Sign = (input: SignInput) => Readonly<Record<string, string>>;

/** The bytes of a verified body that are its JSON, or why it has none. */
export type Decoded =
  | { readonly ok: true; readonly json: Uint8Array }
  | { readonly ok: false; readonly code: Extract<ErrorCode, `body.${string}`>; readonly detail: string };

/** A verified request, parsed. */
export interface IdentifyInput {
  readonly headers: DeliveryHeaders;
  readonly json: JsonValue;
  /** The raw bytes. */
  readonly body: Uint8Array;
  readonly options: SourceOptions;
  readonly receivedAt: Date;
}

/** What a sample is made of. */
export interface SampleContext {
  readonly now: Date;
  /** 16 or more hexadecimal digits; another id gives another event, the same id speaks of the same order in every provider. */
  readonly id: string;
}

/** A realistic request of one type, unsigned. */
export interface Sample {
  /** The provider's own headers; without the signature. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

/** Knows one vendor's webhook contract: pure functions over bytes and headers. */
export interface ProviderDefinition<Name extends string = string> {
  readonly name: Name;
  readonly verify: Verify;
  /** Headers that are read and stand outside `x-*` and `webhook-*`, in lower case: a delivery keeps them, so that it can be replayed. */
  readonly headers?: readonly string[];
  /** Takes the JSON out of a verified body that is not JSON itself. Never throws for what a sender writes. @default the body is JSON */
  readonly decode?: (request: SignedRequest) => Decoded;
  /** What a secret must be, where this one can never verify anything; undefined where it is fit. Asked when the settings are read. */
  readonly judgeSecret?: (secret: string) => string | undefined;
  /** The events that a verified request holds, in the request's order. */
  identify(input: IdentifyInput): readonly Identity[];
  readonly sign: Sign;
  /** By the provider's own type. */
  readonly sample: { readonly [providerType: string]: (context: SampleContext) => Sample };
}

/** Makes a provider: keeps its name as a type, and changes nothing. */
export function defineProvider<const Name extends string>(provider: ProviderDefinition<Name>): ProviderDefinition<Name> {
  return provider;
}
