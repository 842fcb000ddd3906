import { z } from 'zod';
import type { ListedRun, RunRow } from '../../../store/runs.ts';
import { payload, runState, time } from '../fields.ts';

/** The page of a run in the Temporal UI; null where nobody knows the UI. */
export type LinkTo = (run: { readonly workflowId: string; readonly runId?: string | null }) => string | null;

/** A run, as JSON tells it: what a chain returned may hold parts of a payload, and is told only where it is asked for. */
export const runView = z
  .object({
    chain: z.string(),
    workflowId: z.string(),
    ledger: z.string(),
    state: runState,
    attempt: z.int(),
    round: z.int(),
    tries: z.int(),
    runId: z.string().nullable().meta({ description: "Temporal's, of the newest start." }),
    dueAt: time,
    startedAt: time.nullable(),
    closedAt: time.nullable(),
    stuckSince: time.nullable().meta({ description: 'Since when Temporal cannot carry it on while it is `started`; null while it can.' }),
    code: z.string().nullable().meta({ description: 'Of the errors table.' }),
    detail: z.string().nullable(),
    temporalUrl: z.string().nullable(),
    result: payload.optional().meta({ description: 'What the chain has returned, with `payloads`.' }),
    redacted: z.literal(true).optional(),
  })
  .meta({ id: 'Run' });

/** A run, as JSON tells it. */
export type RunView = z.output<typeof runView>;

/** A run of a list. */
export const runListView = z
  .object({
    source: z.string(),
    eventId: z.string(),
    eventUuid: z.string(),
    receivedAt: time,
    ...runView.shape,
  })
  .meta({ id: 'ListedRun' });

/** A run of a list, as JSON tells it. */
export type RunListView = z.output<typeof runListView>;

/** What is told of a run. */
export function toRunView(run: RunRow, linkTo: LinkTo): RunView {
  const { result: _result, eventUuid: _eventUuid, ...facts } = run;
  const isToStart = run.state === 'pending' || run.state === 'repair_requested'; // the run that is named is that of the attempt before
  return { ...facts, temporalUrl: linkTo(isToStart ? { workflowId: run.workflowId } : run) };
}

/** What is told of a run in a list. */
export function toRunListView({ source, eventId, receivedAt, ...run }: ListedRun, linkTo: LinkTo): RunListView {
  return { source, eventId, eventUuid: run.eventUuid, receivedAt, ...toRunView(run, linkTo) };
}
