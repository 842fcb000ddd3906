/**
 * A test by its file and its own title, without those of the groups around it. A case of a table stands by the title that vitest shows
 * for it, or by that of the table for all of its cases.
 */
export interface NamedTest {
  readonly file: string;
  readonly name: string;
}

/** The product with one guard taken out: `find` stands once in `file`, a path under `src/`, and the row's tests must fail with `replace` there. */
export interface FaultMutant {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** What the product does then, as one would tell it to somebody who does not know the code. */
  readonly means: string;
}

/** A fault that an operator will meet, what Hookline does, and the tests that inject it for real. */
export interface TestedFault {
  /** From 1 to 43; never given to another fault. */
  readonly number: number;
  readonly fault: string;
  readonly expected: string;
  /** At least one: that of the whole fault first, last the nearest to the guard and the quickest, by which a mutant is looked for. */
  readonly tests: readonly NamedTest[];
  readonly mutant: FaultMutant;
}

/** A fault that cannot come to this product, and why; what stands in its place is part of the reason. */
export interface UnfitFault {
  readonly number: number;
  readonly fault: string;
  readonly reason: string;
}

/** One row of the fault matrix. */
export type FaultRow = TestedFault | UnfitFault;
