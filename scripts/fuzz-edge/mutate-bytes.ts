import type { Chance } from './chance.ts';

/** What breaks parsers: line ends, separators, framing, other encodings, numbers at the edges. */
const TOKENS: readonly Uint8Array[] = [
  [
    '\r\n',
    '\n',
    '\r\n\r\n',
    ': ',
    ' ',
    ',',
    ';',
    '=',
    '\0',
    '\t',
    '"',
    '\\',
    '\\u0000',
    '\\ud800',
    '{',
    '}',
    '[',
    ']',
    '[[[[',
    '%00',
    '%zz',
  ],
  ['0\r\n\r\n', 'Transfer-Encoding: chunked\r\n', 'Content-Length: 0\r\n', 'HTTP/1.1', '__proto__', 'constructor', 'null', '1e999', '-0'],
  ['\ufeff', '\u2028', '\u202e', '9007199254740993', 'NaN', '/*', '${', '{{', "'", '<'],
]
  .flat()
  .map((text) => Buffer.from(text));
const BROKEN: readonly Uint8Array[] = [[0xff, 0xfe], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x80]].map((bytes) =>
  Uint8Array.from(bytes),
);

/** Changes bytes in one to three places: flips, puts in, takes out, repeats, cuts. The outcome always differs. */
export function mutateBytes(bytes: Uint8Array, chance: Chance): Buffer {
  let mutant: Buffer = Buffer.from(bytes);
  for (let times = chance.whole(1, 4); times > 0; times -= 1) mutant = mutateOnce(mutant, chance);
  return mutant.equals(bytes) ? Buffer.concat([mutant, Buffer.from(' ')]) : mutant;
}

function mutateOnce(bytes: Buffer, chance: Chance): Buffer {
  const at = chance.whole(0, bytes.length + 1);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (chance.whole(0, 7)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << chance.whole(0, 8)); // at the end nothing is written, and the caller adds a byte
      return flipped;
    }
    case 1:
      return Buffer.concat([before, chance.pick(TOKENS), after]);
    case 2:
      return Buffer.concat([before, chance.pick(BROKEN), after]);
    case 3:
      return Buffer.concat([before, chance.bytes(chance.whole(1, 9)), after.subarray(chance.whole(0, 9))]);
    case 4:
      return Buffer.concat([before, after.subarray(chance.whole(1, 33))]);
    case 5:
      return Buffer.concat([before, after.subarray(0, chance.whole(1, 65)), after]);
    default:
      return chance.maybe(0.2) ? before : Buffer.concat([before, chance.pick(TOKENS), after.subarray(1)]);
  }
}
