import { sha256 } from '../../contracts/ids.ts';

/** A number of 48 bits that follows the seed: below 2^53, as the ids of real shops are. */
export function numberOf(seed: string): number {
  return sha256(seed).readUIntBE(0, 6);
}

/** Hexadecimal digits that follow the seed, 64 at most; another `kind` gives others. */
export function hexOf(seed: string, { kind, digits }: { readonly kind: string; readonly digits: number }): string {
  return sha256(`${kind}:${seed}`).toString('hex').slice(0, digits);
}
