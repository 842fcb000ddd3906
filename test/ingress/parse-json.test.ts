import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/ingress/parse-json.ts';
import { matching } from '../suites/matchers.ts';

const parse = (body: string | Uint8Array) => parseJson(typeof body === 'string' ? Buffer.from(body) : body);
const codeOf = (body: string | Uint8Array): string => {
  const parsed = parse(body);
  return parsed.ok ? 'ok' : parsed.code;
};
const nested = (depth: number, open = '[', close = ']'): string => open.repeat(depth) + close.repeat(depth);
const objects = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

it.each<[string, unknown]>([
  ['{"a":[1,"x",null,true]}', { a: [1, 'x', null, true] }],
  [' \r\n\t[] ', []],
  ['"text"', 'text'],
  ['0', 0],
  ['null', null],
  ['\ufeff{"bom":true}', { bom: true }],
  ['{"a":1,"a":2}', { a: 2 }],
  ['{"nul":"\\u0000","lone":"\\ud800"}', { nul: '\0', lone: '\ud800' }],
  ['{"a":"[[[{{{::::\\"[[["}', { a: '[[[{{{::::"[[[' }],
])('parses %j', (body, json) => {
  expect(parse(body)).toEqual({ ok: true, json });
});

it.each([
  '',
  ' ',
  '\ufeff',
  '{',
  '}',
  '{"a"}',
  "{'a':1}",
  '[1,]',
  'undefined',
  'NaN',
  '01',
  '"a',
  '"a\\',
  '"\n"',
  '{"a":1}{"b":2}',
  '[1]x',
  '\0',
  '<xml/>',
  'a=1&b=2',
  '\ufeff\ufeff{}',
])('refuses what is no JSON: %j', (body) => {
  expect(codeOf(body)).toBe('body.notJson');
});

it('says where JSON stops, and quotes nothing', () => {
  expect(parse('{"secret": hunter2}')).toEqual({ ok: false, code: 'body.notJson', detail: 'expected one JSON value' });
  expect(parse('{"a" 1}')).toMatchObject({ detail: matching(/^expected one JSON value, stopped at character 5$/) });
  expect(parse('')).toMatchObject({ detail: 'expected one JSON value, got an empty body' });
});

it.each([
  ['a byte that no UTF-8 has', [0x22, 0xff, 0x22]],
  ['latin1', [0x22, 0xe9, 0x22]],
  ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
  ['a surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
  ['a character cut off', [0x22, 0xe2, 0x82]],
  ['UTF-16', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
])('refuses what is no UTF-8: %s', (_name, bytes) => {
  expect(codeOf(Uint8Array.from(bytes))).toBe('body.notUtf8');
});

describe('nesting', () => {
  it.each([63, 64])('of %d levels is taken', (depth) => {
    expect(codeOf(nested(depth))).toBe('ok');
    expect(codeOf(objects(depth))).toBe('ok');
  });

  it.each([65, 5_000, 500_000])('of %d levels is refused, at once', (depth) => {
    const started = performance.now();
    expect(codeOf(nested(depth))).toBe('body.tooDeep');
    expect(codeOf(objects(depth))).toBe('body.tooDeep');
    expect(codeOf('['.repeat(depth))).toBe('body.tooDeep');
    expect(codeOf('[{"a":'.repeat(depth))).toBe('body.tooDeep');
    expect(performance.now() - started).toBeLessThan(200);
  });

  it('counts levels, not brackets', () => {
    expect(codeOf(`[${Array.from({ length: 5_000 }, () => nested(63)).join(',')}]`)).toBe('ok');
  });
});

it('counts nothing that stands in a text, whatever is escaped in it', () => {
  const text = `\\"${'[{:'.repeat(10_001)}\\\\`;
  expect(codeOf(`{"${text}":"${text}","b":["\\\\","${text}"]}`)).toBe('ok');
});

describe('keys', () => {
  const keys = (count: number): string => `{${Array.from({ length: count }, (_, index) => `"k${index}":0`).join(',')}}`;
  const spread = (count: number): string => `[${Array.from({ length: count }, () => '{"k":0}').join(',')}]`;

  it('are taken up to 10,000', () => {
    expect(codeOf(keys(10_000))).toBe('ok');
    expect(codeOf(spread(10_000))).toBe('ok');
  });

  it('are refused beyond, wherever they stand', () => {
    expect(codeOf(keys(10_001))).toBe('body.tooManyKeys');
    expect(codeOf(spread(10_001))).toBe('body.tooManyKeys');
  });
});

describe('values', () => {
  const values = (count: number, value = '[]'): string => `[${Array.from({ length: count }, () => value).join(',')}]`;

  it('are taken up to 200,001, as many as commas can part that are counted', () => {
    expect(codeOf(values(200_001))).toBe('ok');
  });

  it('are refused beyond, whatever they are; commas in strings do not count', () => {
    for (const value of ['[]', '{}', '1', '""']) expect(codeOf(values(200_002, value))).toBe('body.tooManyValues');
    expect(codeOf(`"${','.repeat(300_000)}"`)).toBe('ok');
  });
});

describe('keys that would change prototypes', () => {
  it.each([
    '{"__proto__":{"x":1}}',
    '{"__proto__":1}',
    '{"a":[{"b":{"__proto__":{"x":1}}}]}',
    '{"\\u005f\\u005fproto\\u005F_":{"x":1}}',
    '{"__prot\\u006f__" : {"x":1}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"a":{"c\\u006fnstructor":{"prot\\u006ftype":1}}}',
  ])('are refused: %s', (body) => {
    expect(codeOf(body)).toBe('body.forbiddenKey');
  });

  it.each([
    '"__proto__"',
    '["__proto__"]',
    '{"a":"__proto__"}',
    '{"a":"{\\"__proto__\\":1}"}',
    '{"constructor":1}',
    '{"constructor":{"name":"x"}}',
    '{"prototype":1}',
    '{"proto":1}',
  ])('are not seen where there are none: %s', (body) => {
    expect(parse(body)).toEqual({ ok: true, json: JSON.parse(body) as unknown });
  });
});

it('agrees with JSON.parse on every document, and leaves Object.prototype as it was', () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', ''));
  const { document } = fc.letrec((tie) => ({
    document: fc.oneof(
      { maxDepth: 4 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('document')),
      fc.array(fc.tuple(key, tie('document'))).map((entries) => new Members(entries)),
    ),
  }));
  fc.assert(
    fc.property(document, (value) => {
      const text = write(value);
      const parsed = parse(text);
      expect(parsed.ok ? parsed.json : parsed.code).toEqual(parsed.ok ? JSON.parse(text) : 'body.forbiddenKey');
      expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
      expect(Object.hasOwn({}, 'x') || 'x' in {}).toBe(false);
    }),
  );
});

it('never throws, and says ok only for what JSON.parse takes', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.string({ unit: fc.constantFrom(...Array.from('{}[]":,\\u0159_ae-.\n ')) }).map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bytes, (body) => {
      const parsed = parseJson(body);
      expect(parsed.ok ? parsed.json : parsed.code).toEqual(parsed.ok ? JSON.parse(new TextDecoder().decode(body)) : matching(/^body\./));
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  ['numbers', () => `[${'1,'.repeat(5_000_000)}1]`],
  ['one text', () => `"${'x'.repeat(10_000_000)}"`],
  ['escapes', () => `"${'\\n'.repeat(5_000_000)}"`],
  ['open brackets', () => '['.repeat(10_000_000)],
  ['no JSON', () => 'x'.repeat(10_000_000)],
])('takes at most 50 ms a megabyte: 10 MB of %s', (_name, make) => {
  const body = Buffer.from(make());
  expect(fastestOf(3, () => parseJson(body))).toBeLessThan((50 * body.length) / 1e6);
});

it('takes at most 50 ms for 1 MB of empty arrays, which cost the most', () => {
  const body = Buffer.from(`[${'[],'.repeat(330_000)}[]]`);
  expect(fastestOf(5, () => parseJson(body))).toBeLessThan(50);
});

/** The fastest of some runs in milliseconds: the others were slowed down by the machine. */
function fastestOf(runs: number, act: () => unknown): number {
  return Math.min(
    ...Array.from({ length: runs }, () => {
      const started = performance.now();
      act();
      return performance.now() - started;
    }),
  );
}

/** An object as its writer sees it: keys that a literal could not hold, and twice the same. */
class Members {
  readonly entries: readonly (readonly [string, unknown])[];
  constructor(entries: readonly (readonly [string, unknown])[]) {
    this.entries = entries;
  }
}

function write(value: unknown): string {
  if (value instanceof Members) return `{${value.entries.map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`).join(',')}}`;
  return Array.isArray(value) ? `[${value.map(write).join(',')}]` : JSON.stringify(value);
}
