import { NativeConnection, Worker } from '@temporalio/worker';
import { RECORD_OUTCOME, TASK_QUEUE, type Log } from '../../src/contracts/names.ts';
import type { ActionCall, RunOutcome } from '../../src/contracts/run.ts';
import { bundleChains } from '../../src/runtime/bundle-chains.ts';
import { actionFacts } from '../../src/workflows/actions.gen.ts';
import type { OutcomeRecord } from '../../src/workflows/record-outcome.ts';

/** What an action answers; it may throw, or wait. */
export type ScriptedAction = (input: unknown, call: ActionCall) => unknown;

/** A real worker on a real server whose actions are scripted: for what the workflow does with their answers. */
export interface ScriptedWorker {
  /** Calls in the order in which they came: `agent.action key`. */
  readonly calls: string[];
  readonly outcomes: RunOutcome[];
  close(): Promise<void>;
}

/** A log that nobody reads. */
export const SILENT: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Starts one; every action that is not scripted answers null. */
export async function startScriptedWorker({
  address,
  namespace,
  actions,
  record,
}: {
  readonly address: string;
  readonly namespace: string;
  readonly actions: Readonly<Record<string, ScriptedAction>>;
  readonly record?: (outcome: OutcomeRecord) => void;
}): Promise<ScriptedWorker> {
  const calls: string[] = [];
  const outcomes: RunOutcome[] = [];
  const names = Object.entries<object>(actionFacts).flatMap(([agent, actions]) => Object.keys(actions).map((name) => `${agent}.${name}`));
  const activities = Object.fromEntries(
    names.map((name) => [
      name,
      async (input: unknown, call: ActionCall) => {
        calls.push(`${call.action} ${call.key}`);
        return (await actions[name]?.(input, call)) ?? null;
      },
    ]),
  );
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    identity: 'scripted-worker',
    workflowBundle: await bundleChains(SILENT),
    activities: {
      ...activities,
      [RECORD_OUTCOME]: async (outcome: OutcomeRecord) => {
        record?.(outcome);
        outcomes.push(outcome.outcome);
      },
    },
  });
  const ended = worker.run();
  return {
    calls,
    outcomes,
    async close() {
      worker.shutdown();
      await ended;
      await connection.close();
    },
  };
}
