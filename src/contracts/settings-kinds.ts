import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';

/** What a setting's value may be: its words for documents and messages, and the schema that parses it. */
export interface SettingKind<Value> {
  /** What is expected, as a phrase: "an integer from 1 to 9". */
  readonly expected: string;
  readonly schema: z.ZodType<Value>;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, KiB: 1024, MiB: 1024 ** 2, KB: 1000, MB: 1000 ** 2 };
const HEADER = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/;
const EVENT_TYPE = /^[\x21-\x7e]{1,200}$/;
const POINTER = /^(?:\/(?:[^~]|~[01])*)?$/;
const DOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i;
const ADDRESS = /^[^\s@<>",;:\\]+@[^\s@<>",;:\\]+$/;
const MAILBOX = /^[^<>"\p{Cc}]+ <([^<>]+)>$/u;
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;
const CIDR = /^(?:\d{1,3}(?:\.\d{1,3}){3}\/(?:[12]?\d|3[0-2])|[0-9a-f:]*:[0-9a-f:]*\/(?:\d{1,2}|1[01]\d|12[0-8]))$/i;
const IPV6 = /^[0-9a-f:]*:[0-9a-f:.]*$/i;
const EVENT_TYPES = /^(?:[\x21-\x29\x2b-\x7e]{1,200}\*?|\*)$/;

/** A whole number, also as digits in a text, since variables hold texts. */
export function integer({ min, max }: { readonly min: number; readonly max: number }): SettingKind<number> {
  const digits = z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number);
  return { expected: `an integer from ${min} to ${max}`, schema: z.union([z.int(), digits]).pipe(z.int().min(min).max(max)) };
}

/** A number of bytes, or a text such as `1 MiB`. */
export function bytes({ min, max }: { readonly min: number; readonly max: number }): SettingKind<number> {
  const sized = z
    .string()
    .regex(/^\d{1,15} ?(?:B|KiB|MiB|KB|MB)?$/)
    .transform((text) => Number.parseInt(text, 10) * (UNITS[text.replace(/^\d+ ?/, '')] ?? Number.NaN));
  return {
    expected: `bytes from ${min} to ${max}, or a size such as \`1 MiB\``,
    schema: z.union([z.int(), sized]).pipe(z.int().min(min).max(max)),
  };
}

/** One of a few words. */
export function choice<const Words extends readonly [string, ...string[]]>(...words: Words): SettingKind<Words[number]> {
  return { expected: `one of ${words.map((word) => `\`${word}\``).join(', ')}`, schema: z.enum(words) };
}

/** Any text without control characters. */
export function text(expected: string, pattern = /^[^\p{Cc}]{1,1024}$/u): SettingKind<string> {
  return { expected, schema: z.string().regex(pattern) };
}

/** An absolute URL of one of the protocols. */
export function url(...protocols: readonly string[]): SettingKind<string> {
  const fits = (text: string): boolean =>
    URL.canParse(text) &&
    protocols.includes(new URL(text).protocol.slice(0, -1)) &&
    (new URL(text).hostname !== '' || /[?&]host=/.test(text)); // PostgreSQL's sockets stand in the query
  return {
    expected: `a URL that starts with ${protocols.map((protocol) => `\`${protocol}://\``).join(' or ')}`,
    schema: z.string().max(2048).refine(fits),
  };
}

/** An address of this machine to bind, without a zone; names are not looked up. */
export function listenHost(): SettingKind<string> {
  const fits = (host: string): boolean => isLoopback(host) || isIPv4(host) || (isIPv6(host) && !host.includes('%'));
  return { expected: 'an address, such as `127.0.0.1`, `::1` or `0.0.0.0`, or `localhost`', schema: z.string().refine(fits) };
}

/** Tells whether only this machine can reach a host. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** A domain name. */
export function domain(): SettingKind<string> {
  return { expected: 'a domain name', schema: z.string().regex(DOMAIN) };
}

/** One mail address, with or without a name: `Shop <orders@shop.example>`. */
export function mailbox(): SettingKind<string> {
  const fits = (value: string): boolean => ADDRESS.test(MAILBOX.exec(value)?.[1] ?? value);
  return { expected: 'one mail address, such as `Shop <orders@shop.example>`', schema: z.string().max(320).refine(fits) };
}

/** Mail addresses; one alone need not be a list. */
export function mailAddressList(): SettingKind<readonly string[]> {
  return { expected: 'mail addresses, such as `ops@shop.example`', schema: listOf(z.string().max(320).regex(ADDRESS)) };
}

/** Hosts, IP addresses and CIDR ranges; one alone need not be a list. */
export function hostList(): SettingKind<readonly string[]> {
  const fits = (value: string): boolean => DOMAIN.test(value) || IPV6.test(value) || CIDR.test(value);
  return { expected: 'host names, IP addresses or CIDR ranges', schema: listOf(z.string().refine(fits)) };
}

/** IP addresses and CIDR ranges (RFC 4632, RFC 4291), no names; one alone need not be a list. */
export function addressList(): SettingKind<readonly string[]> {
  const fits = (value: string): boolean => {
    const [address = '', prefix, ...others] = value.split('/');
    const bits = isIPv4(address) ? 32 : isIPv6(address) && !address.includes('%') ? 128 : -1;
    return others.length === 0 && bits > 0 && (prefix === undefined || (/^(?:0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= bits));
  };
  return { expected: 'addresses or CIDR ranges, such as `203.0.113.0/24`', schema: listOf(z.string().refine(fits)) };
}

/** Event types, or beginnings of them that end in `*`; one alone need not be a list. */
export function eventTypeList(): SettingKind<readonly string[]> {
  return { expected: 'event types, or beginnings of them with `*` at the end', schema: listOf(z.string().regex(EVENT_TYPES)) };
}

/** A list that must say something: an empty one could mean everything as well as nothing. */
export function notEmpty({ expected, schema }: SettingKind<readonly string[]>): SettingKind<readonly string[]> {
  return { expected, schema: schema.refine((list) => list.length > 0) };
}

/** Secrets; one alone need not be a list. How good each is, the loader judges. */
export function secretList(): SettingKind<readonly string[]> {
  return { expected: 'at least one secret', schema: listOf(z.string().max(1024)).refine((secrets) => secrets.length > 0) };
}

/** A Standard Webhooks secret: `whsec_` and 24 to 64 bytes in base64. */
export function standardSecret(): SettingKind<string> {
  const fits = (text: string): boolean => {
    const size = Buffer.from(text.slice('whsec_'.length), 'base64').length;
    return /^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text) && size >= 24 && size <= 64;
  };
  return { expected: '`whsec_` and 24 to 64 bytes in base64', schema: z.string().refine(fits) };
}

type HeaderLocator = { readonly header: string };
type PointerLocator = { readonly pointer: string };
type ValueLocator = { readonly value: string };

const header: z.ZodType<HeaderLocator> = z.strictObject({ header: z.string().regex(HEADER) }).readonly();
const pointer: z.ZodType<PointerLocator> = z.strictObject({ pointer: z.string().max(1024).regex(POINTER) }).readonly();
const value: z.ZodType<ValueLocator> = z.strictObject({ value: z.string().regex(EVENT_TYPE) }).readonly();
const bare: z.ZodType<ValueLocator> = z
  .string()
  .regex(EVENT_TYPE)
  .transform((type) => ({ value: type }));

/** Where an event's id stands. */
export function idLocator(): SettingKind<HeaderLocator | PointerLocator | 'bodyHash'> {
  return {
    expected: '`{ header: <name> }`, `{ pointer: <JSON pointer> }` or `bodyHash`',
    schema: z.union([header, pointer, z.literal('bodyHash')]),
  };
}

/** Where an event's type stands, or the type itself. */
export function typeLocator(): SettingKind<HeaderLocator | PointerLocator | ValueLocator> {
  return {
    expected: '`{ header: <name> }`, `{ pointer: <JSON pointer> }` or an event type',
    schema: z.union([header, pointer, value, bare]),
  };
}

/** Where an event's time stands. */
export function timeLocator(): SettingKind<HeaderLocator | PointerLocator> {
  return { expected: '`{ header: <name> }` or `{ pointer: <JSON pointer> }`', schema: z.union([header, pointer]) };
}

/** Where an event's data stand. */
export function dataLocator(): SettingKind<PointerLocator> {
  return { expected: '`{ pointer: <JSON pointer> }`', schema: pointer };
}

function listOf<Item>(item: z.ZodType<Item>): z.ZodType<readonly Item[]> {
  return z.preprocess(
    (value: unknown) => (Array.isArray(value) || value === undefined ? value : [value]),
    z.array(item).max(100).readonly(),
  );
}
