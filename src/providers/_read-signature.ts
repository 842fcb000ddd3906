import type { DeliveryHeaders, SignatureCode } from '../contracts/webhook.ts';
import { parseIsoTime } from '../events/_iso-time.ts';
import { MAX_CANDIDATES } from './_scheme.ts';
import type { SignatureScheme, SignedTime } from './_scheme.ts';

/** One signature of a request, still text. */
export interface Candidate {
  /** Absent where the header holds one signature, and no list. */
  readonly version: string | undefined;
  readonly text: string;
}

/** What a request says of its signature, or why there is none to judge. No detail quotes the request. */
export type ReadSignature =
  | {
      readonly ok: true;
      readonly candidates: readonly Candidate[];
      /** As they came: they are signed as text. */
      readonly signed: { readonly id: string; readonly ts: string };
      /** The signed time in Unix seconds; `undefined` where the scheme has none. */
      readonly atSeconds: number | undefined;
    }
  | Unreadable;

interface Unreadable {
  readonly ok: false;
  readonly code: SignatureCode;
  readonly detail: string;
}

/** Reads signature, signed id and signed time. Each header must stand exactly once; items of versions that are not wanted are skipped. */
export function readSignature(headers: DeliveryHeaders, scheme: SignatureScheme, versions: readonly (string | undefined)[]): ReadSignature {
  const names = [scheme.header, scheme.id, timeHeader(scheme)].filter((name) => name !== undefined);
  for (const name of names) {
    const values = headers.all(name).length;
    if (values === 0) return { ok: false, code: 'signature.missing', detail: `header \`${name}\`` };
    if (values > 1) return { ok: false, code: 'signature.duplicate', detail: `header \`${name}\`, ${values} times` };
  }
  const value = headers.one(scheme.header) ?? '';
  const items = toItems(value, scheme);
  if (items === undefined) return malformed(scheme.header, `\`${scheme.prefix ?? ''}\` and a signature`);
  const candidates = items.filter(({ version }) => versions.includes(version));
  if (candidates.length === 0)
    return malformed(scheme.header, `a signature of version ${versions.map((name) => `\`${name}\``).join(' or ')}`);
  if (candidates.length > MAX_CANDIDATES) return malformed(scheme.header, `at most ${MAX_CANDIDATES} signatures`);
  const time = readTime(headers, items, scheme);
  if (!time.ok) return time;
  const id = scheme.id === undefined ? '' : (headers.one(scheme.id) ?? '');
  if (scheme.id !== undefined && id === '') return malformed(scheme.id, 'an id');
  return { ok: true, candidates, signed: { id, ts: time.ts }, atSeconds: time.atSeconds };
}

function timeHeader({ time }: SignatureScheme): string | undefined {
  return time !== undefined && 'header' in time.in ? time.in.header : undefined;
}

function toItems(value: string, { prefix = '', list }: SignatureScheme): readonly Candidate[] | undefined {
  if (list === undefined) return value.startsWith(prefix) ? [{ version: undefined, text: value.slice(prefix.length) }] : undefined;
  return value.split(list.separator).flatMap((item) => {
    const at = item.indexOf(list.assign);
    return at < 0 ? [] : [{ version: item.slice(0, at), text: item.slice(at + 1) }];
  });
}

type ReadTime = { readonly ok: true; readonly ts: string; readonly atSeconds: number | undefined } | Unreadable;

function readTime(headers: DeliveryHeaders, items: readonly Candidate[], { header, time }: SignatureScheme): ReadTime {
  if (time === undefined) return { ok: true, ts: '', atSeconds: undefined };
  const { in: place } = time;
  const texts =
    'header' in place ? headers.all(place.header) : items.filter(({ version }) => version === place.item).map(({ text }) => text);
  const where = 'header' in place ? place.header : header;
  const [ts = '', ...others] = texts;
  const atSeconds = toSeconds(ts, time.form);
  if (atSeconds === undefined || others.length > 0) {
    return malformed(
      where,
      `${'item' in place ? `one \`${place.item}\`, ` : ''}${time.form === 'iso' ? 'an ISO 8601 time' : 'a Unix time in seconds'}`,
    );
  }
  return { ok: true, ts, atSeconds };
}

function toSeconds(text: string, form: SignedTime['form']): number | undefined {
  if (form === 'seconds') return /^(?:0|[1-9]\d{0,11})$/.test(text) ? Number(text) : undefined;
  const time = parseIsoTime(text);
  return time === undefined ? undefined : Math.floor(time.getTime() / 1_000);
}

function malformed(header: string, expected: string): Unreadable {
  return { ok: false, code: 'signature.malformed', detail: `header \`${header}\`: expected ${expected}` };
}
