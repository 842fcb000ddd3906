import { createHash, randomBytes } from 'node:crypto';

/** Names of sources and chains: kebab-case, no dot, at most 64 characters; names of prototypes are refused. */
export const NAME = /^(?!constructor$|prototype$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

const PLAIN_ID = /^[A-Za-z0-9_-]{1,128}$/;
const HASHED_ID = /^x-[a-z2-7]{52}$/;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * The event's id as it stands in workflow ids: an id of `[A-Za-z0-9_-]{1,128}` as it is, any other as `x-` and the base32
 * (RFC 4648, lower case, no padding) of its SHA-256. Well-formed in, well-formed out: lone surrogates hash as U+FFFD.
 */
export function toEventId(providerId: string): string {
  return PLAIN_ID.test(providerId) && !isHashedId(providerId) ? providerId : `x-${base32(sha256(providerId))}`;
}

/** Whether an id looks hashed. One that comes so is hashed too, or a sender could choose to meet another's. */
export function isHashedId(id: string): boolean {
  return HASHED_ID.test(id);
}

/** An entity's id as it may stand outside PostgreSQL: one that holds a mail address only as a hash. */
export function toPublicId(id: string): string {
  return id.includes('@') ? `x-${base32(sha256(id))}` : id;
}

/** `<source>.<event id>`, or `<source>.<event id>.<chain>` where the event has several routes. Injective: no part holds a dot. */
export function toWorkflowId(source: string, eventId: string, chain?: string): string {
  return chain === undefined ? `${source}.${eventId}` : `${source}.${eventId}.${chain}`;
}

/**
 * The start request's id: the same for a start that is repeated after a lost reply, another for each attempt and each
 * restart of a run that Temporal has forgotten.
 */
export function toRequestId(start: {
  readonly eventUuid: string;
  readonly chain: string;
  readonly attempt: number;
  readonly restarts: number;
}): string {
  return sha256([start.eventUuid, start.chain, start.attempt, start.restarts].join('|')).toString('hex');
}

/** SHA-256 of bytes or of a text's UTF-8. */
export function sha256(data: Uint8Array | string): Buffer {
  return createHash('sha256').update(data).digest();
}

/** A UUID version 7 (RFC 9562): sorts by time, so that new rows stand together in an index. */
export function uuidV7(now: number, random: Uint8Array = randomBytes(10)): string {
  const time = now.toString(16).padStart(12, '0');
  const tail = Buffer.from(random).toString('hex');
  const variant = ((random[2] ?? 0) & 0x3f) | 0x80;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-${variant.toString(16)}${tail.slice(6, 8)}-${tail.slice(8, 20)}`;
}

/**
 * Makes UUIDs version 7 that sort in the order of their making, within one millisecond too (RFC 9562, section 6.2, method 1: `rand_a`
 * counts). Not across processes, and not where the clock goes back; of more than 4,096 in a millisecond the last ones are in no order.
 */
export function createUuidV7({
  now = Date.now,
  random = () => randomBytes(10),
}: { readonly now?: () => number; readonly random?: () => Uint8Array } = {}): () => string {
  let last = -1;
  let count = 0;
  return () => {
    const time = now();
    count = time === last ? Math.min(count + 1, 0xfff) : 0;
    last = time;
    const bytes = Uint8Array.from(random());
    bytes[0] = count >>> 4;
    bytes[1] = ((count & 0xf) << 4) | ((bytes[1] ?? 0) & 0xf);
    return uuidV7(time, bytes);
  };
}

function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += BASE32.charAt((value >>> (bits - 5)) & 31);
    value &= 31;
  }
  return bits === 0 ? text : text + BASE32.charAt((value << (5 - bits)) & 31);
}
