import type { Chance } from '../chance.ts';
import { toBytes, toChunks, toHead } from '../draft-request.ts';
import type { Line } from '../draft-request.ts';
import { once } from '../fuzz-case.ts';
import type { CaseContext, FuzzCase, MakeCase } from '../fuzz-case.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import { makeSound } from '../sound-request.ts';
import type { SoundRequest } from '../sound-request.ts';

const CRLF = '\r\n';
const NOTHING = Buffer.alloc(0);

/** Heads whose two readers disagree on where the body ends; behind each stands a request that only one of them sees. */
const smuggled: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now });
  const inner = toBytes(makeSound(chance, { now })); // signed, and in nobody's name: whoever takes it has been smuggled to
  const length = String(sound.body.length);
  const te = (value: string, name = 'Transfer-Encoding'): Line => [name, value];
  const cl = (value: string, name = 'Content-Length'): Line => [name, value];
  const [framing, isChunked] = chance.pick<readonly [readonly Line[], boolean]>([
    [[cl(length), te('chunked')], true],
    [[te('chunked'), cl(length)], true],
    [[te('chunked'), te('identity')], true],
    [[te('chunked'), te('chunked')], true],
    [[te('identity'), te('chunked'), cl('0')], true],
    [
      [
        te(
          chance.pick([
            'xchunked',
            'chunked, identity',
            'identity',
            'chunked;q=1',
            '"chunked"',
            'chunked\u000b',
            'c\u0068unked,',
            ',chunked',
            'chunked x',
          ]),
        ),
      ],
      true,
    ],
    [
      [
        te(
          'chunked',
          chance.pick(['Transfer-Encoding ', 'Transfer_Encoding', 'Transfer-Encoding\t', ' Transfer-Encoding', 'Transfer-Encodin\u00e7']),
        ),
        cl('0'),
      ],
      true,
    ],
    [[cl('0'), cl(length)], false],
    [[cl(length), cl('0')], false],
    [[cl(`${length}, ${length}`)], false],
    [[cl(chance.pick(['+', '-', '0x', '1e', '0 ']) + length)], false],
    [[cl(`${length}${chance.pick([' 0', ',0', '.0', 'e0', ';', '\u000b', '_0'])}`)], false],
    [[cl('99999999999999999999')], false],
    [[cl(length, chance.pick(['Content-Length ', 'Content_Length', 'Content-Lengt']))], false],
  ]);
  const head = toHead({ ...sound, lines: [['Host', 'a'], ...sound.lines, ...framing] });
  const body = isChunked ? toChunks(sound.body, { chance }) : sound.body;
  return {
    kind: 'framing.smuggled',
    pieces: [Buffer.concat([head, body, inner])],
    requests: 2,
    signed: sound.keys, // the outer one, where the head leaves no doubt after all
  };
};

/** Lines that end or begin as they must not. */
const bareLines: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now });
  const inner = toBytes(makeSound(chance, { now })).toString('latin1');
  const whole = toBytes({ ...sound, body: NOTHING }, 'given').toString('latin1');
  const content = Buffer.from(sound.body).toString('latin1');
  const head = whole.replace(/\r\n$/, `Content-Length: ${sound.body.length}\r\n\r\n`);
  const text = chance.pick([
    head.replaceAll(CRLF, '\n') + content,
    head.replaceAll(CRLF, '\r') + content,
    head.replace(CRLF, '\n') + content,
    head.replace('Host', `X-Folded: a\r\n b\r\nHost`) + content,
    head.replace('Host', `\r\nHost`) + content,
    head.replace('Host: localhost', `Host: localhost\r\n\tfolded`) + content,
    `${head.replace('\r\n\r\n', '\n\r\n')}${content}`,
    `${head.replace('\r\n\r\n', '\n\n')}${content}`,
    `\r\n\r\n${head}${content}`,
    `${head}${content}\r\n${inner.slice(0, chance.whole(1, inner.length))}`,
  ]);
  return { kind: 'framing.lines', pieces: [Buffer.from(text, 'latin1')], requests: 1, signed: sound.keys };
};

/** Chunks that lie of their size, or end as they must not. */
const badChunks: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now });
  const inner = toBytes(makeSound(chance, { now }));
  const head = toBytes({ ...sound, lines: [...sound.lines, ['Transfer-Encoding', 'chunked']], body: NOTHING }, 'given');
  const size = sound.body.length;
  const right = size.toString(16);
  const lies = [
    ...['0x', '-', '+', ' ', '\u00e4', 'FFFFFFFFFFFFFFFF', 'g'].map((before) => before + right),
    ...['\n', '\r', ' ', '\t', ';', ';a="', ';\r', ';\n', ';\u0000', `;${'x'.repeat(20_000)}`].map((after) => right + after),
    ...[size - 1, size + 1, size + 2, size * 2].map((wrong) => wrong.toString(16)),
    '',
  ];
  const badEnds = ['\r\n0\r\n', '\n0\n\n', '0\r\n\r\n', '\r\n0\r\nX: y', '\r\n-0\r\n\r\n', '\r\n0;\r\n\r\n', '\r\n0 \r\n\r\n', '\r\n\r\n'];
  const [first, end] = chance.maybe(0.6) ? [chance.pick(lies), '\r\n0\r\n\r\n'] : [right, chance.pick(badEnds)];
  const bytes = Buffer.concat([
    head,
    Buffer.from(`${first}\r\n`, 'latin1'),
    sound.body,
    Buffer.from(end),
    chance.maybe(0.5) ? inner : NOTHING,
  ]);
  return { kind: 'framing.chunks', pieces: [bytes], requests: 1, signed: sound.keys };
};

/** Lengths that lie: the rest is another request, or never comes. */
const lyingLength: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now });
  const length = chance.pick([
    sound.body.length - 1,
    sound.body.length + 1,
    0,
    sound.body.length * 2,
    chance.whole(0, sound.body.length),
    1024 * 1024,
    99_999_999,
  ]);
  const bytes = toBytes({ ...sound, lines: [...sound.lines, ['Content-Length', String(length)]] }, 'given');
  return { kind: 'framing.length', pieces: [bytes], requests: 1, signed: [] };
};

/** Any byte of the whole request changed. */
const anyByte: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now });
  return {
    kind: 'framing.bytes',
    pieces: [mutateBytes(toBytes(sound, chance.pick(['length', 'chunked']), chance), chance)],
    requests: 1,
    signed: sound.keys,
  };
};

/** No HTTP/1.1 at all. */
const noise: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now });
  const lines: readonly Line[] = [['Host', 'a'], ...sound.lines, ['Content-Length', String(sound.body.length)]];
  const version = chance.pick([
    'HTTP/0.9',
    'HTTP/1.2',
    'HTTP/2.0',
    'HTTP/3.7',
    'HTTP/11',
    'http/1.1',
    'HTTP/1.1 ',
    'ICE/1.0',
    'RTSP/1.0',
    '',
  ]);
  const bytes = chance.pick<Uint8Array>([
    chance.bytes(chance.whole(1, 600)),
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    Buffer.from('16030100c8010000c40303', 'hex'),
    Buffer.concat([toHead({ ...sound, lines }, version), sound.body]),
    Buffer.from('CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n'),
    Buffer.from(`GET ${'/'.repeat(40_000)}`),
    Buffer.from('\r\n'.repeat(chance.whole(1, 9_000))),
    Buffer.from('POST'),
  ]);
  return { kind: 'framing.noise', pieces: [bytes], requests: 1, signed: sound.keys };
};

/** A sender that goes in the middle. */
const cutOff: MakeCase = ({ chance, now }) => {
  const bytes = toBytes(makeSound(chance, { now }));
  return { kind: 'framing.cut', pieces: [bytes.subarray(0, chance.whole(1, bytes.length))], requests: 1, signed: [] };
};

/** Sound chunks, sound trailers, and HTTP/1.0: all right. */
const soundForms: MakeCase = ({ chance, now }) => {
  const sound = makeSound(chance, { now });
  const chunked: readonly Line[] = [['Host', 'a'], ...sound.lines, ['Transfer-Encoding', chance.pick(['chunked', 'Chunked', 'CHUNKED'])]];
  const trailers: readonly Line[] = [
    ['X-Webhook-Id', 'trailer'],
    ['X-Shopify-Topic', 'trailer'],
    ['Content-Length', '0'],
    ['Host', 'b'],
  ];
  const old: readonly Line[] = [...sound.lines, ['Content-Length', `${'0'.repeat(chance.whole(0, 4))}${sound.body.length}`]];
  const bytes = chance.pick([
    Buffer.concat([
      toHead({ ...sound, lines: chunked }),
      toChunks(sound.body, { chance, trailers: trailers.slice(0, chance.whole(0, 3)) }),
    ]),
    Buffer.concat([toHead({ ...sound, lines: old }, 'HTTP/1.0'), sound.body]),
    Buffer.concat([Buffer.from(CRLF), toBytes(sound)]),
  ]);
  return once('framing.sound', { bytes, signed: [sound], statuses: [200] });
};

/** Sound requests one behind another, sent in pieces of any size, the last of them perhaps broken. */
const pipelined: MakeCase = ({ chance, now }) => {
  const sounds = Array.from({ length: chance.whole(2, 6) }, () => makeSound(chance, { now }));
  const all = Buffer.concat(sounds.map((sound) => toBytes(sound, chance.pick(['length', 'chunked']), chance)));
  const isBroken = chance.maybe(0.3);
  const bytes = isBroken ? Buffer.concat([all, Buffer.from(chance.pick(['garbage\r\n\r\n', '\0', 'POST / HTTP/9.9\r\n\r\n']))]) : all;
  return {
    kind: isBroken ? 'framing.pipelineBroken' : 'framing.pipeline',
    pieces: cut(bytes, chance),
    requests: sounds.length,
    signed: sounds.flatMap(({ keys }: SoundRequest) => keys),
    ...(isBroken ? {} : { answers: sounds.map(() => [200]) }),
  };
};

function cut(bytes: Buffer, chance: Chance): readonly Buffer[] {
  const cuts = Array.from({ length: chance.whole(0, 12) }, () => chance.whole(0, bytes.length)).toSorted((a, b) => a - b);
  return [0, ...cuts].map((at, index) => bytes.subarray(at, cuts[index] ?? bytes.length)).filter(({ length }) => length > 0);
}

const KINDS: readonly MakeCase[] = [
  smuggled,
  smuggled,
  smuggled,
  bareLines,
  badChunks,
  badChunks,
  lyingLength,
  anyByte,
  anyByte,
  anyByte,
  noise,
  cutOff,
  soundForms,
  soundForms,
  pipelined,
  pipelined,
];

/** Requests whose bytes are not those that HTTP/1.1 has for them, and a few that are. */
export function makeFraming(context: CaseContext): FuzzCase {
  return context.chance.pick(KINDS)(context);
}
