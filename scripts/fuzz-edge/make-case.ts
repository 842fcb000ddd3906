import { makeForged } from './cases/forged.ts';
import { makeFraming } from './cases/framing.ts';
import { makeOddHead } from './cases/heads.ts';
import { makeOddBody } from './cases/odd-bodies.ts';
import { makeSender } from './cases/senders.ts';
import { createChance } from './chance.ts';
import type { FuzzCase, MakeCase } from './fuzz-case.ts';

/** Families, as often as they stand here. */
const FAMILIES: readonly MakeCase[] = [
  makeForged,
  makeForged,
  makeForged,
  makeOddBody,
  makeOddBody,
  makeOddBody,
  makeOddHead,
  makeOddHead,
  makeFraming,
  makeSender,
];

/** Makes the case of a seed at a place: the same one each time, but for what the clock says in it. */
export function makeCase({ seed, at, now }: { readonly seed: number; readonly at: number; readonly now: Date }): FuzzCase {
  const chance = createChance(seed, at);
  return chance.pick(FAMILIES)({ chance, now });
}
