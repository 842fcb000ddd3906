import { parseArgs } from 'node:util';
import type { Pace } from './part.ts';

/** What the command line asks for. */
export interface Options {
  readonly pace: Pace;
  readonly json: boolean;
  readonly check: boolean;
  readonly record: boolean;
  /** @default every part */
  readonly only: string | undefined;
  /** @default every system */
  readonly systems: readonly string[] | undefined;
  readonly ratePerS: number | undefined;
  readonly bodyBytes: number;
  readonly seed: number;
}

const PACES = {
  full: { rounds: 5, warmUpMs: 1_500, measureMs: 4_000, quick: false },
  quick: { rounds: 1, warmUpMs: 400, measureMs: 1_000, quick: true },
} as const satisfies Record<string, Pace>;

/** What the options mean. */
export const HELP = `npm run bench [-- options]

--quick          one short round: under three minutes, and no spread
--rounds n       how often each system is started and measured  [5, or 1]
--only part      PARTS
--systems a,b    SYSTEMS
--rate n         arrivals a second for latency  [a tenth of what Hookline takes]
--bytes n        length of a body  [2048]
--seed n         order of the systems  [another each time]
--json           one document on stdout instead of tables
--record         writes bench/baseline.json, and the pictures in bench/report
--check          fails where a figure is worse than in bench/baseline.json by more than its own spread`;

/** Reads the command line; undefined where it is not understood, or asks for help. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      only: { type: 'string' },
      systems: { type: 'string' },
      rate: { type: 'string' },
      bytes: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const { quick, json, check, record, help, rounds, only, systems, rate, bytes = '2048', seed } = values;
  const pace = quick ? PACES.quick : PACES.full;
  const numbers = [rounds, rate, bytes, seed].filter((text) => text !== undefined).map(Number);
  if (help || numbers.some((number) => !Number.isSafeInteger(number) || number < 1)) return undefined;
  return {
    pace: { ...pace, rounds: Number(rounds ?? pace.rounds) },
    json,
    check,
    record,
    only,
    systems: systems?.split(','),
    ratePerS: rate === undefined ? undefined : Number(rate),
    bodyBytes: Number(bytes),
    seed: Number(seed ?? Date.now() % 1_000_000),
  };
}
