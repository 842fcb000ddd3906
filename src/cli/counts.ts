import { InvalidArgumentError } from 'commander';

/** A parser of an option's whole number within limits. */
export function parseCount({ min, max }: { readonly min: number; readonly max: number }): (text: string) => number {
  return (text) => {
    const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(count >= min && count <= max)) throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}.`);
    return count;
  };
}
