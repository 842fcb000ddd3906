import { isJsonObject } from '../../src/contracts/json.ts';
import type { JsonValue } from '../../src/contracts/json.ts';
import type { Chance } from './chance.ts';

/** JSON texts that somebody's code does not expect; the last dozen are no JSON at all. */
const ODD_VALUES: readonly string[] = [
  ['null', 'true', '0', '-0', '-1', '0.1', '1e999', '-1e999', '1e-999', '9007199254740993', '-9223372036854775809', '1e21', '5e-324'],
  ['[]', '{}', '[[[]]]', '[null]', '{"a":{"b":null}}', '{"":""}', '{"length":3,"0":1}', '{"then":1,"toJSON":1,"valueOf":1}'],
  ['""', '" "', '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udfff\\ud800"', '"\\u202eabc"', '"\\u2028"', '"\\r\\nBcc: evil@example.com"'],
  [
    '"__proto__"',
    '"constructor"',
    '"toString"',
    '"\\ud83d\\ude00"',
    '"a\\u0301"',
    '"\\ufeff"',
    '"null"',
    '"-0"',
    '"0x10"',
    '"1e999"',
    '"NaN"',
  ],
  [
    '"Infinity"',
    '"1,5"',
    '"\\u0661\\u0662"',
    '"99999999999999999999.99"',
    '"0.000000000000000001"',
    '"-1"',
    '" 1"',
    '"1 "',
    '"+1"',
    '"1."',
  ],
  ['"1970-01-01T00:00:00Z"', '"+275760-09-13T00:00:00Z"', '"0000-00-00T00:00:00Z"', '"2026-02-30T25:61:61Z"', '"-000001-01-01T00:00:00Z"'],
  ['"9999-12-31T23:59:59.999999999+14:00"', '"2026-06-30T23:59:60Z"', '8640000000000001', '-62135596801', '253402300800'],
  [
    '"a@b@c"',
    '"<script>alert(1)</script>"',
    '"\'; DROP TABLE events; --"',
    '"{{constructor}}"',
    '"../../etc/passwd"',
    '"${jndi:ldap://x}"',
    '"%s%n"',
  ],
  ['"EUR"', '"eur"', '"€"', '"XXX"', '"gid://shopify/Order/1"', '"shopify:1:2"', '":"', '"https://evil.example/?a=b#c"'],
  ['NaN', 'undefined', '01', '1.', '+1', "'x'", '"\n"', '"\\x"', '"', '{', '[1,]', '{"a":1,}'],
].flat();

const ODD_MEMBERS: readonly string[] = [
  '"__proto__":{"polluted":true}',
  '"\\u005f_proto__":{"polluted":true}',
  '"constructor":{"prototype":{"polluted":true}}',
  '"prototype":{"polluted":true}',
  '"id":1',
  '"type":"order.created"',
  '"event_id":"last"',
  '"\\u0000":"\\u0000"',
  '"\\ud800":1',
  '"":{}',
  '"hasOwnProperty":1',
  '"toString":null',
  '"toJSON":{}',
];

/** A document as JSON with one to four odd things in it: another value at any place, or a member that nobody sent. */
export function toOddJson(document: JsonValue, chance: Chance, oddValue: () => string = () => chance.pick(ODD_VALUES)): string {
  const places = countValues(document);
  const odd = new Set(Array.from({ length: chance.whole(1, 5) }, () => chance.whole(0, places)));
  let at = 0;
  return print(document);

  function print(value: JsonValue): string {
    const isOdd = odd.has(at);
    at += 1;
    if (isOdd && chance.maybe(0.8)) return oddValue();
    if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(print).join(',')}]`; // Array.isArray does not narrow readonly arrays
    if (!isJsonObject(value)) return JSON.stringify(value);
    const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${print(member)}`);
    if (isOdd) members.splice(chance.whole(0, members.length + 1), chance.whole(0, 2), chance.pick(ODD_MEMBERS));
    return `{${members.join(',')}}`;
  }
}

function countValues(value: JsonValue): number {
  const members = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return members.reduce((sum: number, member: JsonValue) => sum + countValues(member), 1);
}
