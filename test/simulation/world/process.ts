import type { TaskResult, TaskWorker, WorkerTask } from './temporal-model.ts';
import { ActionPaused } from '../../../src/activities/action-paused.ts';
import { ActionWaiting } from '../../../src/activities/action-waiting.ts';
import type { EffectAction, StateAction } from '../../../src/activities/define-agent.ts';
import { hashInput } from '../../../src/activities/effect-key.ts';
import { performEffect } from '../../../src/activities/effect-ledger.ts';
import { performState } from '../../../src/activities/state-ledger.ts';
import { toFailure } from '../../../src/activities/to-failure.ts';
import type { InboxDelivery } from '../../../src/contracts/inbox.ts';
import { createStarter } from '../../../src/ingress/starter.ts';
import type { TemporalPort } from '../../../src/ingress/temporal-port.ts';
import { createInbox } from '../../../src/store/inbox.ts';
import type { Pool } from '../../../src/store/pool.ts';
import { createRuns } from '../../../src/store/runs.ts';
import { silentLog } from '../../support/silent-log.ts';
import type { SimulatedAction, StepName } from './actions.ts';
import type { Host, World } from './world.ts';

/** A process of the product that is all three: ingress, starter and worker. */
export interface ProductProcess extends TaskWorker {
  /** Takes a delivery, and calls back with what its sender is told; never once the process is dead. */
  post(delivery: InboxDelivery, tell: (acknowledged: boolean) => void): void;
  /** Actions that have begun and not ended. */
  performing(): number;
  /** Ends the time of every action. */
  abortAll(): void;
}

/** What a process is made of. */
export interface ProcessOptions {
  readonly world: World;
  readonly host: Host;
  readonly pool: Pool;
  readonly temporal: TemporalPort;
  readonly actions: Readonly<Record<StepName | 'unbook', SimulatedAction>>;
  /** Acknowledges before the commit: a mutant. @default false */
  readonly isHasty?: boolean;
}

/** Starts at a time, and how often the sweep comes; leases are the product's default. */
const STARTER = { concurrency: 4, sweepMs: 3_000, leaseMs: 10_000 } as const;
/** Of the product: when an effect's signal is aborted, so that its outcome can still be written. */
const SIGNAL_MS = 28_000;

/** Starts it: the product's own inbox, starter and ledger, over simulated ports. */
export function startProcess({ world, host, pool, temporal, actions, isHasty = false }: ProcessOptions): ProductProcess {
  const runs = createRuns({ pool });
  const inbox = createInbox({ pool, log: silentLog });
  const open = new Set<AbortController>();
  let performing = 0;
  const starter = createStarter({
    ...STARTER,
    runs,
    temporal,
    chains: [],
    owner: host.name,
    log: silentLog,
    now: () => new Date(world.now()),
    every: (ms, tick) => every({ world, host, ms, tick }),
  });

  const perform = async (task: WorkerTask, signal: AbortSignal): Promise<TaskResult> => {
    try {
      if (task.kind === 'record') await runs.markOutcome(task);
      else await performAction(pool, actions[task.action], task, signal);
      return { kind: 'done' };
    } catch (error) {
      if (error instanceof ActionPaused || error instanceof ActionWaiting) return { kind: 'failed', code: error.code, isFinal: false };
      const { type, nonRetryable } = toFailure(error);
      return { kind: 'failed', code: type ?? '', isFinal: nonRetryable === true };
    }
  };

  return {
    host,
    post(delivery, tell) {
      if (isHasty) tell(true);
      void inbox.add(delivery).then(
        () => {
          starter.nudge();
          tell(true);
        },
        () => tell(false),
      );
    },
    perform(task, tell) {
      performing += 1;
      const attempt = new AbortController();
      open.add(attempt);
      const callOff = world.after(SIGNAL_MS, () => attempt.abort(), host);
      void perform(task, attempt.signal).then((result) => {
        performing -= 1;
        open.delete(attempt);
        callOff();
        tell(result);
      });
    },
    performing: () => performing,
    abortAll() {
      for (const attempt of open) attempt.abort();
    },
  };
}

async function performAction(
  pool: Pool,
  action: SimulatedAction,
  { call, chain, runId, input }: Extract<WorkerTask, { readonly kind: 'action' }>,
  signal: AbortSignal,
): Promise<void> {
  const ledgerCall = { call, chain, runId, input, inputSha256: hashInput(input), dry: false };
  if (action.facts.kind === 'state') {
    const state = action as StateAction<unknown, unknown>; // the kind tells which
    await performState(pool, { ...ledgerCall, action: state, dryAction: state });
    return;
  }
  const effect = action as EffectAction<unknown, unknown>; // likewise
  await performEffect(pool, { ...ledgerCall, action: effect, dryAction: effect, signal });
}

function every({
  world,
  host,
  ms,
  tick,
}: {
  readonly world: World;
  readonly host: Host;
  readonly ms: number;
  readonly tick: () => void;
}): () => void {
  let isOver = false;
  const again = (): void => {
    world.after(
      ms,
      () => {
        if (isOver) return;
        tick();
        again();
      },
      host,
    );
  };
  again();
  return () => {
    isOver = true;
  };
}
