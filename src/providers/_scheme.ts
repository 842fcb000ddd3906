/** How bytes are written as text: `hex` is lower case; `base64` is padded, of the standard alphabet, and canonical. */
export type Encoding = 'hex' | 'base64';

/** A header that holds several signatures, each with the name of its version: `t=…,v1=…,v1=…` or `v1,… v1a,…`. */
export interface SignatureList {
  /** Between two items. */
  readonly separator: ',' | ' ';
  /** Between the name of an item and its value: the first one counts. */
  readonly assign: '=' | ',';
}

/** The time that is signed with the body, and what it is good for. */
export interface SignedTime {
  /** The header that it stands in, or the item of the signature's list. */
  readonly in: { readonly header: string } | { readonly item: string };
  /** `seconds`: Unix time in whole seconds, canonical decimal; `iso`: ISO 8601. */
  readonly form: 'seconds' | 'iso';
  /** Whether a time ahead of the clock is refused as well. */
  readonly sides: 'past' | 'both';
}

/** How a vendor's signature travels, and what it covers. */
export interface SignatureScheme {
  readonly header: string;
  /** Stands before the one signature: `sha256=`. @default '' */
  readonly prefix?: string;
  readonly encoding: Encoding;
  /** @default the header is the one signature */
  readonly list?: SignatureList;
  /** What is signed: `{id}`, `{ts}` and `{body}`, with constant text between them. @default '{body}' */
  readonly content?: string;
  /** The header that `{id}` is. */
  readonly id?: string;
  /** What `{ts}` is. */
  readonly time?: SignedTime;
}

/** One way to make and judge signatures. */
export interface Method {
  /** The name of its items where the header holds a list: `v1`. */
  readonly version?: string;
  /** How many bytes a signature has. */
  readonly bytes: number;
  /** Judges signatures of the content by one secret, in constant time; `undefined` where the secret is a key of another method. */
  judge(secret: string, content: readonly Uint8Array[]): ((signature: Uint8Array) => boolean) | undefined;
  /** `undefined` where the secret is no key that can sign. */
  sign(secret: string, content: readonly Uint8Array[]): Buffer | undefined;
}

/** The most signatures that a header may hold; more are refused unread. */
export const MAX_CANDIDATES = 10;
/** How old a signed time may be, where neither source nor vendor says otherwise. */
export const TOLERANCE_SECONDS = 300;
