import type { Chance } from './chance.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const LIMIT = MIB - 8 * KIB; // room for the rest of the sample

/** JSON texts that cost the most that a body of 1 MiB can: deep, wide, long, and full of what is slow to read. */
const HEAVY: readonly ((size: number, chance: Chance) => string)[] = [
  (size) => nested('[', ']', size / 2),
  (size) => '['.repeat(size),
  (size) => nested('{"a":', '}', size / 6),
  (_size, chance) => nested('[', ']', chance.whole(50, 70)),
  (size) => `{${numbered(Math.min(12_000, size / 9), (at) => `"k${at}":1`)}}`,
  (_size, chance) => `{${numbered(chance.whole(9_900, 10_050), (at) => `"k${at}":1`)}}`,
  (size) => `{${numbered(size / 5, () => '"k":1')}}`,
  (size) => `[${numbered(size / 2, () => '1')}]`,
  (size) => `[${numbered(size / 3, () => '[]')}]`,
  (size) => `[${numbered(size / 3, () => '{}')}]`,
  (size) => `[${numbered(Math.min(10_000, size / 8), () => '{"a":1}')}]`,
  (size) => `[${numbered(size / 3, () => '""')}]`,
  (size) => `"${'x'.repeat(size)}"`,
  (size) => `"${'\u00e4'.repeat(size / 2)}"`,
  (size) => `"${'\\u0041'.repeat(size / 6)}"`,
  (size) => `"${'\\ud800'.repeat(size / 6)}"`,
  (size) => `"${'\\\\'.repeat(size / 2)}"`,
  (size) => `"${'\\"'.repeat(size / 2)}"`,
  (size) => '9'.repeat(size),
  (size) => `0.${'1'.repeat(size)}`,
  (size) => `1e${'9'.repeat(size)}`,
  (size) => `[${numbered(size / 22, () => '123456789.123456789e99')}]`,
  (size) => `${' '.repeat(size)}1`,
  (size) => `"${' '.repeat(size - 1)}x"`,
  (size) => `"${'a '.repeat(size / 2)}"`,
  (size) => `"${'1'.repeat(size)}."`,
  (size) => `"${'a.'.repeat(size / 2)}@"`,
  (size) => `"${'@'.repeat(size)}"`,
  (size) => `"${'2026-01-01T00:00:00.'}${'0'.repeat(size)}Z"`,
  (size) => `"${'_proto_'.repeat(size / 7)}"`,
  (size) => `[${numbered(size / 12, () => '"__proto__"')}]`,
  (size) => `{${numbered(Math.min(9_000, size / 100), (at) => `"${'k'.repeat(90)}${at}":0`)}}`,
  (size) => `[${numbered(Math.min(1_600, size / 160), (at) => ORDER_LINE.replace('%', String(at)))}]`,
];

/** A line as several vendors write it, so that mappings loop over many. */
const ORDER_LINE =
  '{"id":%,"sku":"TEE-BLUE-M","title":"T-shirt","name":"T-shirt","quantity":2,"price":"19.50","unitPrice":{"amount":"1.00","currency":"EUR"}}';

/** A heavy value, from some kilobytes up to what just fits. */
export function toHeavyJson(chance: Chance): string {
  const size = chance.pick([4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, LIMIT, LIMIT]);
  return chance.pick(HEAVY)(size, chance).slice(0, LIMIT);
}

function nested(open: string, close: string, levels: number): string {
  return open.repeat(levels) + close.repeat(levels);
}

function numbered(count: number, toText: (at: number) => string): string {
  return Array.from({ length: Math.floor(count) }, (_, at) => toText(at)).join(',');
}
