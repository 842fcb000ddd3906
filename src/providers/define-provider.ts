import type { JsonObject, JsonValue } from '../contracts/json.ts';
import type { DeliveryHeaders, Identity, IncomingRequest, SourceOptions, Verdict } from '../contracts/webhook.ts';

/** What verification may know beside the request. */
export interface VerifyContext {
  /** The source's live secrets, any of which may have signed. */
  readonly secrets: readonly string[];
  readonly now: Date;
}

/** Judges a request by its raw bytes and headers. Never throws for anything that a sender can put into them. */
export type Verify = (request: Pick<IncomingRequest, 'headers' | 'body'>, context: VerifyContext) => Verdict;

/** What is signed when Hookline itself plays the provider: for `trigger`, tests and load. */
export interface SignInput {
  readonly body: Uint8Array;
  readonly secret: string;
  readonly now: Date;
}

/** Makes the headers that `verify` accepts. */
export type Sign = (input: SignInput) => Readonly<Record<string, string>>;

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
  /** 16 or more hexadecimal digits; another id gives another event. */
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
