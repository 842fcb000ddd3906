import { toBytes } from '../draft-request.ts';
import type { Line } from '../draft-request.ts';
import { ALLOWED, GUARDED, SOURCES } from '../edge-sources.ts';
import { once } from '../fuzz-case.ts';
import type { CaseContext, FuzzCase } from '../fuzz-case.ts';
import { makeSound } from '../sound-request.ts';

/** Addresses that are not on the list, and texts that are no addresses. */
const STRANGERS = [
  '198.51.100.7',
  '2001:db8::7',
  '203.0.113.8',
  '203.0.113.90',
  '::ffff:198.51.100.7',
  '[2001:db8::7]:443',
  '198.51.100.7:5555',
];
const GARBAGE = [
  'unknown',
  '',
  ' ',
  '127.0.0.1',
  '::1',
  'localhost',
  '0xcb.0.113.9',
  '203.000.113.009',
  `${ALLOWED}.`,
  `${ALLOWED}/32`,
  '3405803785',
  '<x>',
  '\u00e4',
  '_hidden',
  `"${ALLOWED}"`,
  `for=${ALLOWED}`,
];
const OTHER_NAMES = [
  'X-Real-IP',
  'Forwarded',
  'Client-IP',
  'True-Client-IP',
  'X-Client-IP',
  'CF-Connecting-IP',
  'X_Forwarded_For',
  'X-Forwarded-For-',
  'Via',
];

/**
 * A source with a list, behind a proxy that adds the peer's address to whatever the sender wrote into `X-Forwarded-For`: in the same
 * line, or in one of its own. Only the proxy's word counts, wherever else the address of the list is written.
 */
export function makeSender({ chance, now }: CaseContext): FuzzCase {
  const sound = makeSound(chance, { now, source: chance.pick(SOURCES.filter(({ name }) => name === GUARDED)) });
  const isAllowed = chance.maybe(0.3);
  const word = (): string => chance.pick([ALLOWED, ALLOWED, ...STRANGERS, ...GARBAGE]);
  const written = Array.from({ length: chance.whole(0, 4) }, () =>
    Array.from({ length: chance.whole(1, 40) }, word).join(chance.pick([',', ', ', ' ,\t'])),
  );
  const peer = isAllowed ? ALLOWED : chance.pick(STRANGERS);
  const last = written.pop();
  const joined = last !== undefined && chance.maybe(0.5) ? [`${last}, ${peer}`] : [...(last === undefined ? [] : [last]), peer];
  const forwarded = [...written, ...joined].map((value): Line => [
    chance.pick(['X-Forwarded-For', 'x-forwarded-for', 'X-FORWARDED-FOR']),
    value,
  ]);
  const others = Array.from({ length: chance.whole(0, 3) }, (): Line => [chance.pick(OTHER_NAMES), ALLOWED]);
  const bytes = toBytes({ ...sound, lines: [...others, ...forwarded, ...sound.lines] });
  return once('sender.forwarded', { bytes, signed: isAllowed ? [sound] : [], statuses: isAllowed ? [200] : [403] });
}
