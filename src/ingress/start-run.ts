import { toPublicId, toRequestId } from '../contracts/ids.ts';
import type { RunInput, RunOutcome } from '../contracts/run.ts';
import type { ClaimedRun } from '../store/runs.ts';
import type { Chain } from '../workflows/define-chain.ts';
import { summaryOf } from '../workflows/summary.ts';
import { classifyStartError, type StartFailure } from './start-error.ts';
import type { RunView, ServerFacts, StartRequest, TemporalPort } from './temporal-port.ts';

/** What to write into a run's row after a try to start it. */
export type StartResult =
  | { readonly kind: 'started'; readonly runId: string }
  /** It runs, or ran, already: our own start whose reply was lost. `outcome` is null while it is running. */
  | { readonly kind: 'adopted'; readonly runId: string; readonly outcome: RunOutcome | null }
  | { readonly kind: 'failed'; readonly code: 'run.idTaken' | 'run.startRefused'; readonly detail: string }
  /** An older attempt is still closing, or the server may have a fault of its own; without `delayMs` by how often it was tried. */
  | { readonly kind: 'later'; readonly countTry: boolean; readonly delayMs?: number; readonly detail: string }
  | { readonly kind: 'unreachable' | 'shedding'; readonly detail: string };

/** Starts that a server refuses with codes that can be its own fault are given up after this many. */
const SUSPECT_TRIES = 8;

/** Starts one claimed run, or finds out how it stands: a start that is repeated never makes a second run. */
export async function startRun({
  run,
  temporal,
  facts,
  chains,
}: {
  readonly run: ClaimedRun;
  readonly temporal: TemporalPort;
  readonly facts: ServerFacts;
  readonly chains: readonly Chain[];
}): Promise<StartResult> {
  try {
    return { kind: 'started', runId: await startOnce(temporal, toRequest({ run, facts, chains })) };
  } catch (error) {
    return afterFailure(classifyStartError(error), run, temporal);
  }
}

async function startOnce(temporal: TemporalPort, request: StartRequest): Promise<string> {
  try {
    return await temporal.start(request);
  } catch (error) {
    if (classifyStartError(error).kind !== 'searchAttributes' || !request.input.searchAttributes) throw error;
    return temporal.start({ ...request, input: { ...request.input, searchAttributes: false } });
  }
}

async function afterFailure(failure: StartFailure, run: ClaimedRun, temporal: TemporalPort): Promise<StartResult> {
  switch (failure.kind) {
    case 'unreachable':
    case 'shedding':
      return failure;
    case 'exists':
      return adopt(run, temporal);
    case 'suspect':
      return run.tries + 1 >= SUSPECT_TRIES
        ? { kind: 'failed', code: 'run.startRefused', detail: failure.detail }
        : { kind: 'later', countTry: true, detail: failure.detail };
    default:
      return { kind: 'failed', code: 'run.startRefused', detail: failure.detail };
  }
}

async function adopt(run: ClaimedRun, temporal: TemporalPort): Promise<StartResult> {
  try {
    const view = await temporal.describe(run.workflowId);
    return view === undefined ? { kind: 'later', countTry: false, detail: 'Temporal had the id a moment ago' } : fromView(run, view);
  } catch (error) {
    const failure = classifyStartError(error);
    if (failure.kind === 'shedding') return failure;
    return { kind: 'unreachable', detail: failure.kind === 'exists' ? failure.kind : failure.detail };
  }
}

/** What a run that has the id already means for the one that was to be started. */
function fromView(run: ClaimedRun, { eventUuid, attempt, runId, outcome }: RunView): StartResult {
  if (eventUuid !== run.event.uuid)
    return {
      kind: 'failed',
      code: 'run.idTaken',
      detail: `workflow \`${run.workflowId}\` belongs to ${eventUuid === undefined ? 'nobody of ours' : 'another event'}`,
    };
  // what an older attempt has done is done, unless all of it was asked for once more: then it has only just closed, and this one is next
  if (attempt === run.attempt || (outcome?.state === 'done' && run.round === 0)) return { kind: 'adopted', runId, outcome };
  return { kind: 'later', countTry: false, detail: `attempt ${attempt ?? 'unknown'} is still there` };
}

function toRequest({
  run,
  facts,
  chains,
}: {
  readonly run: ClaimedRun;
  readonly facts: ServerFacts;
  readonly chains: readonly Chain[];
}): StartRequest {
  const { event, attempt, round, ledger, chain: name, workflowId, restarts } = run;
  const chain = chains.find((candidate) => candidate.name === name);
  const input: RunInput = { event, attempt, round, ledger, searchAttributes: facts.searchAttributes };
  return {
    workflowId,
    chain: name,
    input,
    requestId: toRequestId({ eventUuid: event.uuid, chain: name, attempt, restarts }),
    reuse: attempt === 1 ? 'first' : round === 0 ? 'afterFailure' : 'always',
    summary: chain === undefined ? `${event.type} ${event.id}` : summaryOf(chain, event),
    details: toDetails(run),
  };
}

/** Markdown for the Temporal UI: where this run comes from, and the command that shows its delivery. */
function toDetails({ event, attempt, deliveryId }: ClaimedRun): string {
  const entity = event.entity === null ? '–' : `${event.entity.type} \`${toPublicId(event.entity.id)}\``;
  return [
    `**${event.type}** from source \`${event.source}\`, attempt ${attempt}`,
    '',
    `- event id: \`${event.id}\``,
    `- entity: ${entity}`,
    `- received: ${event.receivedAt}${event.test ? ' (test traffic)' : ''}`,
    `- its event: \`hookline events ${event.uuid}\``,
    `- its delivery: \`hookline deliveries ${deliveryId}\``,
    `- repair it: \`hookline replay ${event.uuid}\``,
  ].join('\n');
}
