import {
  AsyncLocalStorage,
  CancellationScope,
  isCancellation,
  log,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  sleep,
} from '@temporalio/workflow';
import type { RetryPolicy } from '@temporalio/common';
import type { ActionCall, ActionFacts, CallOptions, RunInput } from '../contracts/run.ts';
import { actionFacts, type Agents } from './actions.gen.ts';
import { createCallKeys, type Branch } from './call-keys.ts';
import { createChecklist } from './checklist.ts';
import type { ChainContext } from './define-chain.ts';
import { reasonOf, type FailureReason } from './outcome.ts';
import { retryPresets } from './retry-presets.ts';
import { cutToBytes } from './summary.ts';
import { waitWhilePaused } from './wait-while-paused.ts';

/** A chain's context, and what `run-chain` does with it after the chain. */
export interface RunContext {
  readonly context: ChainContext;
  /** Resolves when no action is running any more; never rejects. */
  settled(): Promise<void>;
  /** Runs what `undo` has registered, backwards; returns what is still owed. */
  undoAll(): Promise<readonly FailureReason[]>;
}

type PerformAction = (input: unknown, call: ActionCall) => Promise<unknown>;

/** Makes the context of one run. */
export function createRunContext(input: RunInput, title: string): RunContext {
  const keys = createCallKeys(new AsyncLocalStorage<Branch>());
  const checklist = createChecklist(title, setCurrentDetails);
  const running = new Set<Promise<unknown>>();
  const undos: (() => Promise<unknown>)[] = [];

  const perform = async (
    agent: string,
    name: string,
    facts: ActionFacts,
    actionInput: unknown,
    options: CallOptions = {},
  ): Promise<unknown> => {
    const action = `${agent}.${name}`;
    const undoes = facts.undoes === undefined ? undefined : `${agent}.${facts.undoes}`;
    const key = options.key === undefined ? (undoes === undefined ? keys.forAction(action) : keys.forUndo(undoes)) : `=${options.key}`;
    const end = checklist.begin(action);
    const performing = schedule(facts, action, title)(actionInput, toCall(input, { action, key, undoes }));
    running.add(performing);
    try {
      const result = await performing;
      end('done');
      return result;
    } catch (error) {
      if (isCancellation(error)) end('cancelled');
      else end('failed', reasonOf(error).code);
      throw error;
    } finally {
      running.delete(performing);
    }
  };

  const context: ChainContext = {
    agents: toAgents(perform),
    sleep: (duration) => sleep(duration),
    undo: (compensate) => {
      const later = keys.forLater(undos.length);
      undos.push(() => later(compensate));
    },
    all: async (branches) => {
      const all = keys.enterAll();
      const ended = await Promise.allSettled(branches.map((branch, index) => keys.inBranch(all, index, branch)));
      const failed = ended.find((end) => end.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      return ended.map((end) => (end.status === 'fulfilled' ? end.value : undefined)) as never; // none has failed: one result for each branch, in order
    },
    log: (message) => log.info(message, { chain: input.ledger, event_id: input.event.id }),
  };

  return {
    context,
    settled: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
    undoAll: () =>
      CancellationScope.nonCancellable(async () => {
        const owed: FailureReason[] = [];
        for (const undo of undos.reverse()) await undo().catch((error: unknown) => owed.push(reasonOf(error)));
        return owed;
      }),
  };
}

function toAgents(
  perform: (agent: string, name: string, facts: ActionFacts, input: unknown, options?: CallOptions) => Promise<unknown>,
): Agents {
  const agents = Object.entries<Readonly<Record<string, ActionFacts>>>(actionFacts).map(([agent, actions]) => {
    const calls = Object.entries(actions).map(
      ([name, facts]) => [name, (input: unknown, options?: CallOptions) => perform(agent, name, facts, input, options)] as const,
    );
    return [agent, Object.fromEntries(calls)] as const;
  });
  return Object.fromEntries(agents) as unknown as Agents; // facts and types are generated from the same files
}

/** An activity of Temporal for an action: local in our own database, remote outside. */
function schedule(facts: ActionFacts, action: string, title: string): PerformAction {
  const { retry, stateAttempts }: { readonly retry: RetryPolicy; readonly stateAttempts?: number } = retryPresets[facts.retry];
  const common = { startToCloseTimeout: facts.timeoutMs, summary: summarise(action, title) };
  if (facts.kind === 'effect')
    return activityOf(proxyActivities<Record<string, PerformAction>>({ ...common, retry, heartbeatTimeout: '6 seconds' }), action);
  const limited = stateAttempts === undefined ? retry : { ...retry, maximumAttempts: stateAttempts };
  const local = proxyLocalActivities<Record<string, PerformAction>>({ ...common, retry: limited, localRetryThreshold: '5 seconds' });
  const perform = activityOf(local, action);
  return (input, call) => waitWhilePaused(() => perform(input, call));
}

function activityOf(activities: Readonly<Record<string, PerformAction>>, action: string): PerformAction {
  const activity = activities[action];
  if (activity === undefined) throw new TypeError(`no activity ${action}`); // the proxy has every name
  return activity;
}

/** `email.sendOrderConfirmation` → `email: send order confirmation · Order #1001`, at most 200 bytes for the UI's list. */
function summarise(action: string, title: string): string {
  const words = action.replace('.', ': ').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return cutToBytes(`${words} · ${title}`, 200);
}

function toCall(
  { event, ledger, attempt, round }: RunInput,
  { action, key, undoes }: { readonly action: string; readonly key: string; readonly undoes: string | undefined },
): ActionCall {
  const { uuid: eventUuid, id: eventId, source, occurredAt, test } = event;
  return { eventUuid, ledger, action, key, attempt, round, occurredAt, source, eventId, test, ...(undoes === undefined ? {} : { undoes }) };
}
