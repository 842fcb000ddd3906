import type { RunOutcome } from '../contracts/run.ts';
import { toRunSpan, type Span, type TracedRun } from '../contracts/tracing.ts';
import type { RunRow } from '../store/runs.ts';

/** What of a run's row its span is made of. */
export type RunSoFar = Pick<RunRow, 'state' | 'attempt' | 'startedAt'>;

/** A run that has ended. */
export interface EndedRun extends TracedRun {
  readonly outcome: RunOutcome;
  /** Temporal's. */
  readonly execution: { readonly workflowId: string; readonly runId: string } | undefined;
  /** Its row before the outcome was written; `undefined` where it could not be read. */
  readonly row: RunSoFar | undefined;
  /** Of the event, ISO 8601. */
  readonly receivedAt: string;
  readonly endMs: number;
}

/**
 * The span of a run's attempt, from its start by the row to its outcome. A run may end before its row says that it has started: a first
 * attempt then ran from the receipt on, to within milliseconds. One that had ended before was reset in Temporal's UI: its first end has the
 * id that its actions stand below, the second one an id of its own.
 */
export function toOutcomeSpan({ row, execution, receivedAt, ...run }: EndedRun): Span {
  const { attempt, endMs } = run;
  const known = row?.attempt === attempt ? row : undefined;
  const startedAt = known?.state === 'pending' || known?.state === 'repair_requested' ? null : known?.startedAt;
  const startMs = startedAt?.getTime() ?? (attempt === 1 ? Date.parse(receivedAt) : endMs);
  const span = toRunSpan({ ...run, ...(execution ?? { workflowId: '', runId: '' }), startMs });
  const isReset = known !== undefined && ['done', 'failed', 'stopped'].includes(known.state);
  return isReset ? { ...span, id: undefined } : span;
}
