import { ApplicationFailure, defineSearchAttributeKey } from '@temporalio/common';
import {
  CancellationScope,
  isCancellation,
  log,
  proxyLocalActivities,
  setWorkflowOptions,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { HooklineError } from '../contracts/errors.ts';
import { toJson } from '../contracts/json.ts';
import { SEARCH_ATTRIBUTES } from '../contracts/names.ts';
import type { RunInput, RunOutcome } from '../contracts/run.ts';
import { chains } from './catalogue.gen.ts';
import { createRunContext, type RunContext } from './context.ts';
import type { Chain } from './define-chain.ts';
import { reasonOf } from './outcome.ts';
import type { RecordOutcome } from './record-outcome.ts';
import { summaryOf } from './summary.ts';

/**
 * The one workflow: runs the chain that its workflow type names, undoes what a failed or cancelled chain has done, and
 * writes the outcome into the run's row as its last act. An unknown chain fails the workflow task, never the run: an older
 * worker during a deploy meets it, and the next one goes on.
 */
export default async function runChain(input: RunInput): Promise<unknown> {
  const chain = chainNamed(workflowInfo().workflowType);
  const run = createRunContext(input, summaryOf(chain, input.event));
  const scope = new CancellationScope();
  try {
    // the run's row pairs the event's type with the chain that is on it
    const result = toJson(await scope.run(async () => chain.run(input.event as Parameters<Chain['run']>[0], run.context)));
    await close(input, { state: 'done', code: null, detail: null, result });
    return result;
  } catch (error) {
    scope.cancel();
    throw await fail(input, run, error);
  }
}

async function fail(input: RunInput, run: RunContext, error: unknown): Promise<unknown> {
  const cancelled = isCancellation(error) || CancellationScope.current().consideredCancelled;
  await CancellationScope.nonCancellable(() => run.settled());
  const owed = await run.undoAll();
  if (owed.length > 0) {
    const detail = `undo.failed: owed ${owed.map((reason) => reason.detail).join('; ')}; the chain had failed with ${cancelled ? 'run.cancelled' : reasonOf(error).detail}`;
    await close(input, { state: 'failed', code: 'undo.failed', detail, result: null });
    return ApplicationFailure.nonRetryable(detail, 'undo.failed');
  }
  if (cancelled) {
    await close(input, { state: 'stopped', code: 'run.cancelled', detail: null, result: null });
    return error;
  }
  const { code, detail } = reasonOf(error);
  await close(input, { state: 'failed', code, detail, result: null });
  return ApplicationFailure.create({
    message: detail,
    type: code,
    nonRetryable: true,
    ...(error instanceof Error ? { cause: error } : {}),
  });
}

/** Writes the outcome; when that cannot be done the run closes all the same, and the sweep repairs the row from Temporal. */
async function close({ event, attempt, searchAttributes }: RunInput, outcome: RunOutcome): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    if (searchAttributes)
      upsertSearchAttributes([{ key: defineSearchAttributeKey(SEARCH_ATTRIBUTES.outcome, 'KEYWORD'), value: outcome.state }]);
    const { 'hookline.recordOutcome': record } = proxyLocalActivities<RecordOutcome>({
      startToCloseTimeout: '2 seconds',
      scheduleToCloseTimeout: '10 seconds',
      retry: { initialInterval: '100 ms', backoffCoefficient: 2 },
      summary: `record the outcome: ${outcome.state}`,
    });
    const { uuid: eventUuid, receivedAt } = event;
    await record({ eventUuid, chain: workflowInfo().workflowType, attempt, outcome, receivedAt }).catch(() =>
      log.warn('the outcome could not be written; the sweep repairs the row', { outcome: outcome.state }),
    );
  });
}

function chainNamed(name: string): Chain {
  const chain = findChain(name);
  if (chain === undefined) throw new HooklineError('chain.unknown', { got: `\`${name}\`` });
  return chain;
}

function findChain(name: string): Chain | undefined {
  const known: readonly Chain[] = chains;
  return known.find((chain) => chain.name === name);
}

// A bug in a chain is caught above and fails the run. This is for what cannot be caught: a promise that nobody awaits.
setWorkflowOptions(() => ({ failureExceptionTypes: findChain(workflowInfo().workflowType) === undefined ? [] : [Error] }), runChain);
