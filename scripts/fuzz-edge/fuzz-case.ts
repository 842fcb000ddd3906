import type { Chance } from './chance.ts';
import type { SoundRequest } from './sound-request.ts';

/** What one connection says, and what must come of it. */
export interface FuzzCase {
  /** `family.form`. */
  readonly kind: string;
  /** The bytes, sent in these pieces. */
  readonly pieces: readonly Uint8Array[];
  /** How many requests a reader of goodwill would count. */
  readonly requests: number;
  /** Keys of what was signed: nothing else may be taken. */
  readonly signed: readonly string[];
  /** How often the connection must be answered, in order, each time with one of these; where absent, what comes may only be sensible. */
  readonly answers?: readonly (readonly number[])[];
  /** True for answers without a body, as HEAD has them. */
  readonly bodiless?: boolean;
}

/** What a case is made of. */
export interface CaseContext {
  readonly chance: Chance;
  readonly now: Date;
}

/** Makes the cases of one family. */
export type MakeCase = (context: CaseContext) => FuzzCase;

/** One request, well framed, with one answer. */
export function once(
  kind: string,
  {
    bytes,
    signed,
    statuses,
  }: { readonly bytes: Uint8Array; readonly signed: readonly SoundRequest[]; readonly statuses: readonly number[] },
): FuzzCase {
  return { kind, pieces: [bytes], requests: 1, signed: signed.flatMap(({ keys }) => keys), answers: [statuses] };
}
