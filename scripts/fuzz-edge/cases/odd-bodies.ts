import { toBytes } from '../draft-request.ts';
import type { Line } from '../draft-request.ts';
import { once } from '../fuzz-case.ts';
import type { CaseContext, FuzzCase, MakeCase } from '../fuzz-case.ts';
import { toHeavyJson } from '../heavy-json.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import { toOddJson } from '../odd-json.ts';
import { makeSound } from '../sound-request.ts';

const TAKEN_OR_REFUSED = [200, 400];
const LIMIT = 1024 * 1024;

/** Bytes changed, then signed. */
const bytesFirst: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now, toBody: (json) => mutateBytes(Buffer.from(JSON.stringify(json)), chance) });
  return once('odd.bytes', {
    bytes: toBytes(sound, chance.pick(['length', 'chunked']), chance),
    signed: [sound],
    statuses: TAKEN_OR_REFUSED,
  });
};

/** Values that nobody expects at any place, then signed. */
const oddValues: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now, toBody: (json) => toOddJson(json, chance) });
  return once('odd.values', { bytes: toBytes(sound), signed: [sound], statuses: TAKEN_OR_REFUSED });
};

/** As heavy as a body may be, and a little more. */
const heavy: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, {
    now,
    toBody: (json) => (chance.maybe(0.3) ? toHeavyJson(chance) : toOddJson(json, chance, () => toHeavyJson(chance))),
  });
  const statuses = sound.body.length > LIMIT ? [413] : TAKEN_OR_REFUSED;
  return once('odd.heavy', { bytes: toBytes(sound), signed: sound.body.length > LIMIT ? [] : [sound], statuses });
};

/** Bodies at the limit, declared or chunked. */
const atLimit: MakeCase = ({ chance, now }) => {
  const more = chance.whole(-2, 3);
  const sound = makeSound(chance, { now, toBody: (json) => JSON.stringify(json).padEnd(LIMIT + more, ' ') });
  const bytes = toBytes(sound, chance.pick(['length', 'chunked']), chance);
  return more > 0
    ? once('odd.limit', { bytes, signed: [], statuses: [413] })
    : once('odd.limit', { bytes, signed: [sound], statuses: [200] });
};

const ODD_TEXTS: readonly string[] = [
  [
    '',
    ' ',
    '.',
    '..',
    'a.b',
    '../..',
    'a b',
    '"',
    "'; DROP TABLE events; --",
    '__proto__',
    'constructor',
    'toString',
    'null',
    '0',
    '-1',
    '1e999',
  ],
  [
    '\u00e4\u00ff',
    '\u0080',
    '\t',
    'a\tb',
    '%00',
    '%s',
    '${x}',
    '{{x}}',
    '<b>',
    'https://evil.example/',
    'x'.repeat(129),
    'x'.repeat(513),
    'x'.repeat(9_000),
  ],
  [
    'orders/create',
    'order.created',
    'shopify:orders/create',
    '*',
    'order.*',
    '2026-01-01T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    '99999999999999',
  ],
].flat();

/** Ids, types and times in headers, then signed where the scheme signs them. */
const oddHeaders: MakeCase = ({ chance, now }) => {
  const change = (lines: readonly Line[]): readonly Line[] =>
    lines.flatMap((line): readonly Line[] => {
      const [name] = line;
      if (!chance.maybe(0.4)) return [line];
      const odd: Line = [name, chance.pick(ODD_TEXTS)];
      return chance.pick([[odd], [odd], [], [line, odd], [odd, odd]]);
    });
  const sound = makeSound(chance, { now, toLines: change });
  // an id that is signed may have become one that is none, or stand twice
  return once('odd.headers', { bytes: toBytes(sound), signed: [sound], statuses: [...TAKEN_OR_REFUSED, 401, 431] });
};

const KINDS: readonly MakeCase[] = [
  ...Array<MakeCase>(20).fill(bytesFirst),
  ...Array<MakeCase>(24).fill(oddValues),
  ...Array<MakeCase>(10).fill(oddHeaders),
  heavy,
  heavy,
  atLimit,
];

/** Requests that the holder of the secret has made, and whose content is odd. */
export function makeOddBody(context: CaseContext): FuzzCase {
  return context.chance.pick(KINDS)(context);
}
