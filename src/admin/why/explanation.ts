import { isErrorCode } from '../../contracts/errors.ts';
import { errorTable } from '../../contracts/error-table.ts';

/** What has become of a delivery, an event or a run, in one word. */
export const VERDICTS = [
  'refused',
  'duplicate',
  'ignored',
  'held',
  'quarantined',
  'superseded',
  'starting',
  'waiting',
  'paused',
  'running',
  'stuck',
  'failed',
  'stopped',
  'done',
] as const;

/** One of them. */
export type Verdict = (typeof VERDICTS)[number];

/** Why something stands as it does: a sentence for people, and what programs need. */
export interface Explanation {
  readonly verdict: Verdict;
  /** Null where it is not a run's. */
  readonly chain: string | null;
  /** Code of the errors table. */
  readonly code: string | null;
  /** Since when it stands so; null where nothing tells. */
  readonly since: Date | null;
  /** `agent.action`, where it stands at a step. */
  readonly step: string | null;
  readonly said: string;
  /** What to do about it; null where there is nothing to do. */
  readonly fix: string | null;
}

/** What a code means, with the detail where there is one. */
export function toCause(code: string, detail: string | null): string {
  if (detail !== null && detail !== '') return detail.startsWith(`${code}:`) ? detail : `${code}: ${detail}`;
  return isErrorCode(code) ? `${code}: ${errorTable[code].means}` : code;
}

/** What the errors table says to do; null where the code is none of its own. */
export function toFix(code: string | null): string | null {
  if (code === null || !isErrorCode(code)) return null;
  const { fix } = errorTable[code];
  return fix === 'none' ? null : fix;
}
