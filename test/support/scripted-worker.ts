import { NativeConnection, Worker } from '@temporalio/worker';
import { RECORD_OUTCOME, TASK_QUEUE } from '../../src/contracts/names.ts';
import type { ActionCall, RunOutcome } from '../../src/contracts/run.ts';
import { bundleChains } from '../../src/runtime/bundle-chains.ts';
import type { OutcomeRecord } from '../../src/workflows/record-outcome.ts';
import { silentLog } from './silent-log.ts';

/** What an action answers; it may throw, or wait. */
export type ScriptedAction = (input: unknown, call: ActionCall) => unknown;

/** A real worker on a real server whose actions are scripted: for what the workflow does with their answers. */
export interface ScriptedWorker {
  /** Calls in the order in which they came: `agent.action key`. */
  readonly calls: string[];
  readonly outcomes: RunOutcome[];
  close(): Promise<void>;
}

/** Starts one; every action that is not scripted answers null. */
export async function startScriptedWorker({ address, namespace, actions, record }: {
  readonly address: string;
  readonly namespace: string;
  readonly actions: Readonly<Record<string, ScriptedAction>>;
  readonly record?: (outcome: OutcomeRecord) => void;
}): Promise<ScriptedWorker> {
  const calls: string[] = [];
  const outcomes: RunOutcome[] = [];
  const names = ['analytics.record', 'email.sendOrderConfirmation', 'fulfilment.notifyWarehouse', 'inventory.release', 'inventory.reserve'];
  const activities = Object.fromEntries(names.map((name) => [name, async (input: unknown, call: ActionCall) => {
    calls.push(`${call.action} ${call.key}`);
    return (await actions[name]?.(input, call)) ?? null;
  }]));
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUE,
    workflowBundle: await bundleChains(silentLog),
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
