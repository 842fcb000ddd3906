import { expect } from 'vitest';

import { toChunks } from '../support/raw-http.ts';
import { sign } from './ingress-fixture.ts';

/** One request that a hostile or broken sender may make, and what it gets. */
export interface BadInput {
  readonly name: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body: string | Uint8Array;
  /** How it is signed. @default properly */
  readonly signed?: 'properly' | 'not';
  readonly status: number;
  /** Members of the JSON answer; each a regular expression for the whole of its text. */
  readonly answer: Readonly<Record<string, string>>;
  /** What the row must say: an outcome, or the cause of a refusal. */
  readonly row: string;
}

const MIB = 1024 * 1024;
const json = (value: unknown): string => JSON.stringify(value);
const event = (facts: Readonly<Record<string, unknown>> = {}): string => json({ event_id: 'evt_1', event_type: 'test.made', ...facts });
const order = (data: unknown, facts: Readonly<Record<string, unknown>> = {}): string =>
  json({ event_id: 'evt_order', event_type: 'order.created', data, ...facts });
const hash = 'x-[a-z2-7]{52}';

const unsigned = (name: string, row: string, headers: BadInput['headers'], body = '{}'): BadInput => ({
  name,
  body,
  ...(headers === undefined ? {} : { headers }),
  signed: 'not',
  status: 401,
  answer: { error: 'signature' },
  row,
});
const refused = (name: string, error: string, body: string | Uint8Array, headers: BadInput['headers'] = []): BadInput => ({
  name,
  body,
  headers,
  status: 400,
  answer: { error },
  row: error,
});
const taken = (name: string, status: string, body: string | Uint8Array, eventId: string, headers: BadInput['headers'] = []): BadInput => ({
  name,
  body,
  headers,
  status: 200,
  answer: { status, eventId },
  row: status,
});

/** The table of bad input; ids differ from case to case where a case is taken, so that each is new. */
export const badInputs: readonly BadInput[] = [
  // nothing that says who sent it
  unsigned('no signature', 'signature.missing', []),
  unsigned('an empty signature', 'signature.malformed', [['X-Webhook-Signature', '']]),
  unsigned('the right signature twice', 'signature.duplicate', [sign('{}'), sign('{}')]),
  unsigned('a right and a wrong signature', 'signature.duplicate', [sign('{}'), ['x-webhook-signature', 'sha256=00']]),
  unsigned(
    'eleven signatures',
    'signature.duplicate',
    Array.from({ length: 11 }, () => sign('{}')),
  ),
  unsigned('two signatures in one line', 'signature.malformed', [['X-Webhook-Signature', `${sign('{}')[1]}, ${sign('{}')[1]}`]]),
  unsigned("another secret's signature", 'signature.mismatch', [sign('{}', 'another-secret-0123456789')]),
  unsigned("another body's signature", 'signature.mismatch', [sign('{ }')]),
  unsigned('the signature of the body without its BOM', 'signature.mismatch', [sign('{}')], '\ufeff{}'),
  unsigned('the signature of the body with other line ends', 'signature.mismatch', [sign('{\n}')], '{\r\n}'),
  unsigned('a signature in upper case', 'signature.malformed', [['X-Webhook-Signature', sign('{}')[1].toUpperCase()]]),
  unsigned('a signature of another algorithm', 'signature.malformed', [['X-Webhook-Signature', sign('{}')[1].replace('sha256', 'sha1')]]),
  unsigned('a signature without its prefix', 'signature.malformed', [['X-Webhook-Signature', sign('{}')[1].slice(7)]]),
  unsigned('a signature with bytes above ASCII', 'signature.malformed', [['X-Webhook-Signature', `sha256=${'\u00e4'.repeat(64)}`]]),
  unsigned('500,000 levels, unsigned', 'signature.missing', [], '['.repeat(500_000)),

  // signed, and not JSON that anybody could mean
  refused('an empty body', 'body.notJson', ''),
  refused('blanks', 'body.notJson', '  \n'),
  refused('half an object', 'body.notJson', '{"event_id":"e'),
  refused('two values', 'body.notJson', '{}{}'),
  refused('a form', 'body.notJson', 'event_id=1&event_type=x', [['Content-Type', 'application/x-www-form-urlencoded']]),
  refused('a comment', 'body.notJson', '{"event_id":"e" /* x */}'),
  refused('NaN', 'body.notJson', '{"event_id":NaN}'),
  refused('a raw NUL', 'body.notJson', '{"event_id":"a\u0000b","event_type":"t"}'),
  refused('only NULs', 'body.notJson', Buffer.alloc(1_000)),
  refused('invalid UTF-8', 'body.notUtf8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])),
  refused(
    'an overlong encoding',
    'body.notUtf8',
    Buffer.concat([Buffer.from('{"event_id":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
  ),
  refused(
    'a surrogate as UTF-8',
    'body.notUtf8',
    Buffer.concat([Buffer.from('{"event_id":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]),
  ),
  refused('UTF-16', 'body.notUtf8', Buffer.from('\ufeff{"event_id":"1"}', 'utf16le')),
  refused('500,000 levels of arrays', 'body.tooDeep', '['.repeat(500_000) + ']'.repeat(500_000)),
  refused('500,000 levels, never closed', 'body.tooDeep', '['.repeat(500_000)),
  refused('100,000 levels of objects', 'body.tooDeep', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)),
  refused('65 levels', 'body.tooDeep', '['.repeat(65) + ']'.repeat(65)),
  refused('10,001 keys', 'body.tooManyKeys', json(Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`k${index}`, 1])))),
  refused('200,002 values', 'body.tooManyValues', json(Array.from({ length: 200_002 }, () => 1))),
  refused('__proto__', 'body.forbiddenKey', '{"event_id":"e","event_type":"t","__proto__":{"polluted":true}}'),
  refused('__proto__, escaped', 'body.forbiddenKey', '{"event_id":"e","event_type":"t","data":{"\\u005f_proto__":{"polluted":true}}}'),
  refused('constructor.prototype', 'body.forbiddenKey', '{"event_id":"e","event_type":"t","constructor":{"prototype":{"polluted":true}}}'),

  // signed JSON, and not an event
  refused('null', 'event.idMissing', 'null'),
  refused('a number', 'event.idMissing', '1'),
  refused('a text', 'event.idMissing', '"event_id"'),
  refused('an array', 'event.idMissing', '[]'),
  refused('no id', 'event.idMissing', json({ event_type: 'test.made' })),
  refused('an empty id', 'event.idMissing', event({ event_id: '' })),
  refused('an id that is an object', 'event.idMissing', event({ event_id: {} })),
  refused('an id that JSON.parse would round', 'event.idMissing', '{"event_id":9007199254740993,"event_type":"test.made"}'),
  refused('the id in two headers', 'event.idMissing', json({ event_type: 'test.made' }), [
    ['X-Webhook-Id', 'a'],
    ['X-Webhook-Id', 'b'],
  ]),
  refused('no type', 'event.typeMissing', json({ event_id: 'e' })),
  refused('a type with a space', 'event.typeInvalid', event({ event_type: 'test made' })),
  refused('a type with a line end', 'event.typeInvalid', event({ event_type: 'test\r\nX-Evil: 1' })),
  refused('a type of 201 characters', 'event.typeInvalid', event({ event_type: 't'.repeat(201) })),
  refused('a type beyond ASCII', 'event.typeInvalid', event({ event_type: 't\u0000' })),

  // strange, and an event all the same
  taken('a BOM', 'ignored', `\ufeff${event({ event_id: 'bom' })}`, 'bom'),
  taken('64 levels', 'ignored', event({ event_id: 'deep', data: JSON.parse('['.repeat(63) + ']'.repeat(63)) }), 'deep'),
  taken('an id of 5,000 characters', 'ignored', event({ event_id: 'i'.repeat(5_000) }), hash),
  taken('an id with dots', 'ignored', event({ event_id: 'a.b..c' }), hash),
  taken('an id with slashes', 'ignored', event({ event_id: '../../etc/passwd' }), hash),
  taken('an id with spaces', 'ignored', event({ event_id: ' a b ' }), hash),
  taken('an id with a quote and a backslash', 'ignored', event({ event_id: `'; DROP TABLE events; --\\` }), hash),
  taken('an id with line ends', 'ignored', event({ event_id: 'a\r\nb' }), hash),
  taken('an id with NUL', 'ignored', event({ event_id: 'a\u0000b' }), hash),
  taken('an id with a lone surrogate', 'ignored', '{"event_id":"a\\ud800b","event_type":"test.made"}', hash),
  taken('an id of __proto__', 'ignored', event({ event_id: '__proto__' }), '__proto__'),
  taken('an id of constructor', 'ignored', event({ event_id: 'constructor' }), 'constructor'),
  taken('an id in a header with bytes above ASCII', 'ignored', json({ event_type: 'test.made' }), hash, [['X-Webhook-Id', '\u00e4\u00ff']]),
  taken('a type of __proto__', 'ignored', event({ event_id: 'proto-type', event_type: '__proto__' }), 'proto-type'),
  taken('a type of constructor', 'ignored', event({ event_id: 'constructor-type', event_type: 'constructor' }), 'constructor-type'),
  taken(
    'NUL and lone surrogates in the data',
    'ignored',
    '{"event_id":"nul","event_type":"test.made","data":{"a\\u0000":"\\u0000\\ud800","\\udfff":1}}',
    'nul',
  ),
  taken('equal keys', 'ignored', '{"event_id":"first","event_id":"last","event_type":"test.made"}', 'last'),
  taken(
    'numbers beyond any',
    'ignored',
    '{"event_id":"numbers","event_type":"test.made","data":{"a":1e999,"b":-1e999,"c":-0,"d":1e-999}}',
    'numbers',
  ),
  taken('a time in the year 275760', 'ignored', event({ event_id: 'far-raw', occurred_at: '+275760-09-13T00:00:00Z' }), 'far-raw'),
  taken('a time that is none', 'ignored', event({ event_id: 'no-time', occurred_at: 'yesterday' }), 'no-time'),
  taken('a body of 1 MiB', 'ignored', event({ event_id: 'large', data: 'x'.repeat(MIB - 66) }), 'large'),
  taken('190,000 numbers', 'ignored', event({ event_id: 'numerous', data: Array.from({ length: 190_000 }, () => 1) }), 'numerous'),
  taken('190,000 empty objects', 'ignored', event({ event_id: 'empties', data: Array.from({ length: 190_000 }, () => ({})) }), 'empties'),
  taken(
    'an order that fits no schema',
    'quarantined',
    order({ order_id: 'o1', total_amount: 'much' }, { event_id: 'no-schema' }),
    'no-schema',
  ),
  taken('an order that is a text', 'quarantined', order('none', { event_id: 'text-order' }), 'text-order'),
  taken(
    'an order of 190,000 empty lines',
    'quarantined',
    order({ order_id: 'o2', items: Array.from({ length: 190_000 }, () => ({})) }, { event_id: 'many-lines' }),
    'many-lines',
  ),
  taken(
    'an order of 100,000 lines that are numbers',
    'quarantined',
    order({ order_id: 'o3', lines: Array.from({ length: 100_000 }, () => 7) }, { event_id: 'number-lines' }),
    'number-lines',
  ),
  taken(
    'an order of next year',
    'quarantined',
    order(sampleOrder('o4'), { event_id: 'future', occurred_at: '2099-01-01T00:00:00Z' }),
    'future',
  ),
  taken(
    'an order of the year 9999',
    'quarantined',
    order({ ...sampleOrder('o5'), created_at: '9999-12-31T23:59:59Z' }, { event_id: 'end', occurred_at: '9999-12-31T23:59:59Z' }),
    'end',
  ),

  // too large, or packed
  ...[2, 10].flatMap((megabytes): readonly BadInput[] => {
    const body = Buffer.alloc(megabytes * MIB, 'x');
    const shape = { status: 413, answer: { error: 'request.tooLarge' }, row: 'request.tooLarge' };
    return [
      { name: `${megabytes} MB`, headers: [sign(body)], body, signed: 'not', ...shape },
      {
        name: `${megabytes} MB in chunks`,
        headers: [sign(body), ['Transfer-Encoding', 'chunked']],
        body: toChunks(body, 16_384),
        signed: 'not',
        ...shape,
      },
    ];
  }),
  {
    name: 'gzip',
    headers: [['Content-Encoding', 'gzip']],
    body: '{}',
    status: 415,
    answer: { error: 'request.encodingRefused' },
    row: 'request.encodingRefused',
  },
];

function sampleOrder(id: string): Record<string, unknown> {
  return {
    order_id: id,
    customer_email: 'ada@example.com',
    currency: 'EUR',
    total_amount: 5,
    items: [{ sku: 'A', quantity: 1, price: 5 }],
  };
}

/** The headers of a case, its signature among them. */
export function headersOf({ headers = [], body, signed = 'properly' }: BadInput): readonly (readonly [string, string])[] {
  return signed === 'properly' ? [sign(body), ...headers] : headers;
}

/** What the JSON answer of a case must hold. */
export function answerOf({ answer }: BadInput): Record<string, unknown> {
  const matcher = (pattern: string): unknown => expect.stringMatching(new RegExp(`^${pattern}$`)); // vitest types matchers as any
  return Object.fromEntries(Object.entries(answer).map(([name, pattern]) => [name, matcher(pattern)]));
}

/** The body that the row of a case must hold: what a verified sender sent, byte for byte, and nothing of anybody else. */
export function keptBodyOf({ status, body }: BadInput): Buffer | null {
  return status === 200 || status === 400 ? Buffer.from(body) : null;
}
