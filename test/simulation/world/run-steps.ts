import type { ActionCall } from '../../../src/contracts/run.ts';
import type { StepInput, StepName } from './actions.ts';
import type { Execution, TaskResult, WorkerTask } from './temporal-model.ts';

const RECORD_TRIES = 5;

/** What a run asks for next. */
export function toTask({ phase, position, input, chain, runId, outcome }: Execution): WorkerTask {
  const { event, attempt, round, ledger } = input;
  if (phase === 'record' && outcome !== undefined) return { kind: 'record', eventUuid: event.uuid, chain, attempt, outcome };
  const { steps, ...step } = event.data as StepInput & { readonly steps: readonly StepName[] }; // the plan has made it
  const action = phase === 'undo' ? 'unbook' : (steps[position] ?? 'book');
  const call: ActionCall = {
    eventUuid: event.uuid,
    ledger,
    action: `simulated.${action}`,
    key: '0',
    attempt,
    round,
    occurredAt: event.occurredAt,
    source: event.source,
    eventId: event.id,
    test: false,
    ...(phase === 'undo' ? { undoes: 'simulated.book' } : {}),
  };
  return { kind: 'action', action, input: step, call, chain, runId };
}

/** The run after a task of it has ended, and how long it waits then: what `run-chain` and Temporal make of it. */
export function afterTask(run: Execution, result: TaskResult): readonly [run: Execution, delayMs: number] {
  const next = { ...run, tries: 0 };
  if (run.phase === 'record') {
    const isOver = result.kind === 'done' || run.tries + 1 >= RECORD_TRIES; // the run closes all the same, and the sweep repairs the row
    return isOver ? [{ ...next, phase: 'closed' }, 0] : [{ ...run, tries: run.tries + 1 }, 100 * 2 ** run.tries];
  }
  if (result.kind === 'failed' && !result.isFinal) return [{ ...run, tries: run.tries + 1 }, Math.min(1_000 * 2 ** run.tries, 10_000)];
  if (run.phase === 'undo') {
    if (result.kind === 'done') return [{ ...next, phase: 'record' }, 0];
    return [{ ...next, phase: 'record', outcome: { state: 'failed', code: 'undo.failed', detail: result.code, result: null } }, 0];
  }
  const { steps } = run.input.event.data as { readonly steps: readonly StepName[] }; // likewise
  const owes = run.owes || steps[run.position] === 'book'; // registered before the call
  if (result.kind === 'failed')
    return [
      { ...next, owes, phase: owes ? 'undo' : 'record', outcome: { state: 'failed', code: result.code, detail: null, result: null } },
      0,
    ];
  const isLast = run.position + 1 >= steps.length;
  const done = { state: 'done', code: null, detail: null, result: null } as const;
  return [{ ...next, owes, position: run.position + 1, ...(isLast ? { phase: 'record', outcome: done } : {}) }, 0];
}
