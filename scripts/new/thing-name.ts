import { NAME } from '../../src/contracts/ids.ts';

/** What can be made anew. */
export type ThingKind = 'provider' | 'event' | 'agent' | 'chain';

/** A name in every spelling that code wants. */
export interface ThingName {
  /** `parcel-sent`: the file's name, and the name of everything but events. */
  readonly file: string;
  /** `parcel.sent`: an event's type. */
  readonly type: string;
  /** `parcel`: what an event speaks of. */
  readonly entity: string;
  /** `parcelSent` */
  readonly camel: string;
  /** `ParcelSent` */
  readonly pascal: string;
  /** `parcel_sent` */
  readonly snake: string;
  /** `Parcel-Sent` */
  readonly header: string;
  /** `Parcel sent` */
  readonly title: string;
}

/** A name that can be used, or what was expected in its place. */
export type CheckedName = { readonly ok: true; readonly name: ThingName } | { readonly ok: false; readonly expected: string };

/** The names of sources, and with them of what stands beside them in ids, are no longer. */
const MAX_LENGTH = 64;
const OF_PROTOTYPES = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype'].map((name) => name.toLowerCase()));

/** Judges a name; an event may be called by its type (`parcel.sent`) or by its file (`parcel-sent`). */
export function toThingName(kind: ThingKind, text: string): CheckedName {
  const file = kind === 'event' ? text.replaceAll('.', '-') : text;
  if (OF_PROTOTYPES.has(file.replaceAll('-', '').toLowerCase()))
    return { ok: false, expected: 'a name that no JavaScript object has already' };
  if (file.length > MAX_LENGTH) return { ok: false, expected: `at most ${MAX_LENGTH} characters` };
  if (file.startsWith('define-')) return { ok: false, expected: 'a name that does not begin with `define-`: such files are helpers' };
  if (!NAME.test(file))
    return { ok: false, expected: `${kind === 'event' ? 'a name such as `parcel.sent`' : 'a name such as `parcel-sent`'}: ${ALPHABET}` };
  if (kind === 'event' && !file.includes('-')) return { ok: false, expected: 'what it is and what has happened to it: `parcel.sent`' };
  return { ok: true, name: spell(file) };
}

const ALPHABET = 'lower-case letters and digits, a letter first, single hyphens between';

function spell(file: string): ThingName {
  const words = file.split('-');
  const capitals = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const [entity = ''] = words;
  const pascal = capitals.join('');
  const sentence = words.join(' ');
  return {
    file,
    type: words.join('.'),
    entity,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    pascal,
    snake: words.join('_'),
    header: capitals.join('-'),
    title: sentence.charAt(0).toUpperCase() + sentence.slice(1),
  };
}
