import { METHODS } from 'node:http';

import { toBytes } from '../draft-request.ts';
import type { Line } from '../draft-request.ts';
import { once } from '../fuzz-case.ts';
import type { CaseContext, FuzzCase, MakeCase } from '../fuzz-case.ts';
import { makeSound } from '../sound-request.ts';

const NAMES = [
  '__proto__',
  'constructor',
  'Cookie',
  'Referer',
  'X-HTTP-Method-Override',
  'X-Original-URL',
  'X-Forwarded-Host',
  'Forwarded',
  'Via',
  'TE',
  'Range',
  'If-None-Match',
  'Accept-Encoding',
  'Origin',
  'X-Hub-Signature',
  'Authorization',
];
const VALUES = [
  '',
  'DELETE',
  '/admin',
  'evil.example',
  'a=b; __proto__=1',
  'trailers',
  'bytes=0-0,1-1',
  '*',
  '\u00e4\u00ff\u0080',
  '\t',
  '${x}',
  'x'.repeat(2_000),
];
const CONTENT_TYPES = [
  'application/json',
  'application/json; charset=utf-7',
  'text/plain',
  ';;;',
  '',
  'multipart/form-data',
  'application/json\tx',
  ' application/xml',
  '\u00e4/\u00e4',
  'a/b'.repeat(300),
];

/** Headers that change nothing: other case, order and blanks, and lines that nobody reads. */
const harmless: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now });
  const more = Array.from({ length: chance.whole(0, 8) }, (): Line => [chance.pick(NAMES), chance.pick(VALUES)]);
  const type: Line = ['Content-Type', sound.source.provider === 'github' ? 'application/json' : chance.pick(CONTENT_TYPES)];
  const lines = [...sound.lines.filter(([name]) => name.toLowerCase() !== 'content-type'), ...more, type]
    .map(([name, value]): Line => [recase(name), `${chance.pick(['', ' ', '\t'])}${value}${chance.pick(['', ' ', ' \t'])}`])
    .map((line) => ({ line, rank: chance.whole(0, 1_000_000) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ line }) => line);
  return once('head.harmless', { bytes: toBytes({ ...sound, lines }), signed: [sound], statuses: [200] });

  function recase(name: string): string {
    return chance.maybe(0.3) ? chance.pick([name.toLowerCase(), name.toUpperCase()]) : name;
  }
};

/** Heads that are refused whole. */
const refused: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now });
  const many = (count: number): readonly Line[] => Array.from({ length: count }, (_, at): Line => [`X-Many-${at}`, '1']);
  const [lines, status] = chance.pick<readonly [readonly Line[], number]>([
    [many(chance.whole(101, 300)), 431],
    [[['X-Long', 'x'.repeat(chance.whole(16_400, 60_000))]], 431],
    [[[`X-${'n'.repeat(chance.whole(16_400, 40_000))}`, '1']], 431],
    [[['Content-Encoding', chance.pick(['gzip', 'br', 'deflate', 'x', 'identity, gzip', 'GZIP', '\u00e4'])]], 415],
    [[['Host', 'twice']], 400],
    [[['X-Bad', `a${String.fromCharCode(chance.pick([0, 1, 8, 0x0b, 0x1f, 0x7f]))}b`]], 400],
    [[[chance.pick(['X Bad', 'X-Bad ', '', '\u00e4', 'X(Bad)', 'X:Bad:', ' X-Folded']), 'x']], 400],
  ]);
  const order = chance.maybe(0.5) ? [...lines, ...sound.lines] : [...sound.lines, ...lines];
  // a name that ends in a colon is a name and a value: harmless
  const statuses = lines[0]?.[0] === 'X:Bad:' ? [200] : [status];
  return once('head.refused', { bytes: toBytes({ ...sound, lines: order }), signed: [sound], statuses });
};

/** Every method but POST, and some that nobody knows. */
const methods: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now });
  const known = METHODS.filter((method) => method !== 'POST' && method !== 'CONNECT');
  const isKnown = chance.maybe(0.8);
  const method = isKnown ? chance.pick(known) : chance.pick(['FETCH', 'post', 'PoST', 'POSTT', 'P', '\u00e4', '']);
  const made = once('head.method', { bytes: toBytes({ ...sound, method }), signed: [], statuses: isKnown ? [405] : [400] });
  return { ...made, bodiless: method === 'HEAD' };
};

/** Other ways to write a path: the source's own, or none. */
const targets: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now });
  const { name } = sound.source;
  const hex = (text: string): string => text.replaceAll(/./g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  const [target, statuses] = chance.pick<readonly [string, readonly number[]]>([
    [
      `/webhooks/${name}?${chance.pick(['', 'a=b', 'source=other', '__proto__[x]=1', `q=${'x'.repeat(3_000)}`, '%zz', '?', '/webhooks/other'])}`,
      [200],
    ],
    [`/webhooks/${hex(name)}`, [200]],
    [`http://evil.example/webhooks/${name}`, [200, 404]],
    ...[`/webhooks/${name}/`, `//webhooks/${name}`, `/webhooks//${name}`, `/webhooks/./${name}`, `/x/../webhooks/${name}`].map(
      (path) => [path, [404]] as const,
    ),
    ...[
      `/webhooks/${name}%00`,
      `/webhooks/${name};x=1`,
      `/webhooks/${name}%2f`,
      `/webhooks/${name.toUpperCase()}`,
      `/WEBHOOKS/${name}`,
    ].map((path) => [path, [404]] as const),
    ...[
      '/webhooks/__proto__',
      '/webhooks/constructor',
      '/webhooks/',
      '/webhooks',
      '/',
      '/admin',
      '/metrics',
      '/webhooks/%zz',
      '/webhooks/%c0%af',
    ].map((path) => [path, [404]] as const),
    [`/webhooks/${'x'.repeat(chance.whole(65, 9_000))}`, [404]],
    [`/webhooks/${name}#x`, [200, 400, 404]],
    ['*', [400, 404]],
    ['', [400]],
    [`webhooks/${name}`, [400]],
    [`/webhooks/${name} x`, [400]],
    [`/webhooks/\u00e4`, [400, 404]],
    [`/${'x'.repeat(chance.whole(17_000, 30_000))}`, [431]],
  ]);
  return once('head.target', { bytes: toBytes({ ...sound, target }), signed: [sound], statuses });
};

/** `Expect`, `Upgrade` and `Connection`, sensible or not: they change nothing. */
const hopByHop: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now });
  const [lines, statuses] = chance.pick<readonly [readonly Line[], readonly number[]]>([
    [[['Expect', chance.pick(['100-continue', '200-ok', 'x', '100-continue, x', '', '\u00e4'])]], [200]],
    [
      [
        ['Connection', 'Upgrade'],
        ['Upgrade', chance.pick(['websocket', 'h2c', 'TLS/1.2', '__proto__'])],
      ],
      [200],
    ],
    [[['Connection', chance.pick(['close', 'keep-alive', 'Content-Length', 'X-Webhook-Signature', '', ',,,', '__proto__'])]], [200]],
    [[['Keep-Alive', chance.pick(['timeout=99999999', '-1', 'x'])]], [200]],
  ]);
  return once('head.hopByHop', { bytes: toBytes({ ...sound, lines: [...lines, ...sound.lines] }), signed: [sound], statuses });
};

const KINDS: readonly MakeCase[] = [harmless, harmless, harmless, refused, refused, methods, targets, targets, hopByHop];

/** Requests that are signed, and whose heads are odd. */
export function makeOddHead(context: CaseContext): FuzzCase {
  return context.chance.pick(KINDS)(context);
}
