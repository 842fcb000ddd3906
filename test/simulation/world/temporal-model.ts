import type { ActionCall, RunInput, RunOutcome } from '../../../src/contracts/run.ts';
import type { RunView, StartRequest } from '../../../src/ingress/temporal-port.ts';
import type { StepInput, StepName } from './actions.ts';
import { grpc } from './grpc.ts';
import { afterTask, toTask } from './run-steps.ts';
import type { Weather } from './weather.ts';
import type { Host, World } from './world.ts';

/** What a worker is asked to do. */
export type WorkerTask =
  | {
      readonly kind: 'action';
      readonly action: StepName | 'unbook';
      readonly input: StepInput;
      readonly call: ActionCall;
      readonly chain: string;
      readonly runId: string;
    }
  | { readonly kind: 'record'; readonly eventUuid: string; readonly chain: string; readonly attempt: number; readonly outcome: RunOutcome };

/** What has come of it. */
export type TaskResult = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly code: string; readonly isFinal: boolean };

/** A process that takes tasks. */
export interface TaskWorker {
  readonly host: Host;
  perform(task: WorkerTask, tell: (result: TaskResult) => void): void;
}

/** A run as Temporal keeps it: each change is a new one, so that a snapshot is a copy of the list. */
export interface Execution {
  readonly runId: string;
  readonly workflowId: string;
  readonly requestId: string;
  readonly chain: string;
  readonly input: RunInput;
  /** Steps that are done. */
  readonly position: number;
  /** Whether `book` has been registered to be undone. */
  readonly owes: boolean;
  readonly phase: 'steps' | 'undo' | 'record' | 'closed';
  /** How the chain has ended; `undefined` while it goes on. */
  readonly outcome: RunOutcome | undefined;
  /** Failures of the task under way. */
  readonly tries: number;
}

/** The little of a Temporal server, and of the workflow `run-chain` on it, that the product meets. */
export interface TemporalModel {
  /** Another one after each restore: what was on its way then has died. */
  readonly epoch: number;
  /** Every run that has been made, forgotten ones too, in order. */
  readonly made: readonly Execution[];
  /** The runs that it knows. */
  executions(): readonly Execution[];
  /** Starts a run, once for each request id; throws as the server's client does. */
  start(request: StartRequest): string;
  describe(workflowId: string): RunView | undefined;
  /** Ends a run at once, as a person does in its UI. */
  terminate(workflowId: string): void;
  /** Remembers how all is now. */
  snapshot(): void;
  /** Goes back to what was remembered: all that came after is forgotten. */
  restore(): void;
  /** Told of each start that a process sends; returns what tells its end. Keeps which of them meet. */
  noteStart(request: StartRequest, host: Host): () => void;
  /** The workflow ids of first starts, in the order in which they were sent. */
  readonly sent: readonly string[];
  /** Starts of one attempt that two living processes had under way at once. */
  readonly met: readonly string[];
}

const NOT_DONE = { detail: 'read from Temporal', result: null } as const;
const TIMEOUT_MS = { effect: 30_000, heartbeat: 6_000, state: 2_000, workflowTask: 10_000 } as const;
const GRPC_ALREADY_EXISTS = 6;

/** Makes a server without runs. */
export function createTemporalModel({
  world,
  weather,
  workers,
}: {
  readonly world: World;
  readonly weather: Weather;
  /** Those that are alive now. */
  readonly workers: () => readonly TaskWorker[];
}): TemporalModel {
  let executions = new Map<string, Execution>();
  let remembered = executions;
  let tokens = new Map<string, number>();
  let token = 0;
  let epoch = 0;
  const made: Execution[] = [];
  const sent: string[] = [];
  const met: string[] = [];
  const starting = new Map<string, Host>();

  const newest = (workflowId: string): Execution | undefined => [...executions.values()].findLast((run) => run.workflowId === workflowId);

  /** Goes on with a run: gives its next task to a worker, again and again until one has said how it has ended. */
  const goOn = (run: Execution, delayMs = 0): void => {
    executions.set(run.runId, run);
    if (run.phase === 'closed') return void tokens.delete(run.runId);
    const mine = (token += 1);
    tokens.set(run.runId, mine);
    world.after(delayMs + world.between(0, 40), () => {
      if (tokens.get(run.runId) !== mine) return;
      const [first, ...others] = workers();
      if (first === undefined) return goOn(run, 500);
      const worker = world.pick([first, ...others]);
      const task = toTask(run);
      world.after(
        world.between(0, 10),
        () =>
          worker.perform(task, (result) => {
            if (weather.temporalLoss > 0 && world.chance(weather.temporalLoss)) return; // its word is lost: Temporal's time limit finds out
            world.after(world.between(0, 20), () => {
              if (tokens.get(run.runId) === mine && (weather.temporal === 'fine' || weather.temporal === 'exhausted'))
                goOn(...afterTask(run, result));
            });
          }),
        worker.host,
      );
      watch({ run, mine, worker, isLocal: task.kind === 'record' || task.action === 'book' || task.action === 'unbook' });
    });
  };

  /** Gives a task to another worker once this one is not heard of, or has taken too long. */
  const watch = (
    task: { readonly run: Execution; readonly mine: number; readonly worker: TaskWorker; readonly isLocal: boolean },
    waitedMs = 0,
  ): void => {
    const stepMs = task.isLocal ? TIMEOUT_MS.state : TIMEOUT_MS.heartbeat;
    world.after(stepMs, () => {
      if (tokens.get(task.run.runId) !== task.mine) return;
      const { isDead, isStopped } = task.worker.host;
      const passedMs = waitedMs + stepMs;
      const isOver = task.isLocal
        ? passedMs >= (isDead || isStopped ? TIMEOUT_MS.workflowTask : TIMEOUT_MS.state)
        : isDead || isStopped || passedMs >= TIMEOUT_MS.effect;
      if (isOver) goOn(...afterTask(task.run, { kind: 'failed', code: 'timeout', isFinal: false }));
      else watch(task, passedMs);
    });
  };

  return {
    get epoch() {
      return epoch;
    },
    made,
    sent,
    met,
    executions: () => [...executions.values()],
    start({ workflowId, chain, input, requestId, reuse }) {
      const standing = newest(workflowId);
      if (standing?.requestId === requestId) return standing.runId;
      const isOpen = standing !== undefined && standing.phase !== 'closed';
      const isTaken = reuse === 'first' ? standing !== undefined : reuse === 'afterFailure' && standing?.outcome?.state === 'done';
      if (isOpen || isTaken) throw grpc(GRPC_ALREADY_EXISTS);
      const runId = `run-${made.length + 1}`;
      const run: Execution = {
        runId,
        workflowId,
        requestId,
        chain,
        input,
        position: 0,
        owes: false,
        phase: 'steps',
        outcome: undefined,
        tries: 0,
      };
      made.push(run);
      goOn(run);
      return runId;
    },
    describe(workflowId) {
      const run = newest(workflowId);
      if (run === undefined) return undefined;
      const { event, attempt } = run.input;
      return { runId: run.runId, eventUuid: event.uuid, attempt, outcome: run.phase === 'closed' ? (run.outcome ?? null) : null };
    },
    terminate(workflowId) {
      const run = newest(workflowId);
      if (run !== undefined && run.phase !== 'closed')
        goOn({ ...run, phase: 'closed', outcome: { ...NOT_DONE, state: 'stopped', code: 'run.terminated' } });
    },
    snapshot() {
      remembered = new Map(executions);
    },
    restore() {
      epoch += 1;
      executions = new Map(remembered);
      tokens = new Map();
      for (const run of executions.values()) goOn(run);
    },
    noteStart({ workflowId, input: { attempt } }, host) {
      if (!sent.includes(workflowId)) sent.push(workflowId);
      const key = `${workflowId} ${attempt}`;
      const other = starting.get(key);
      if (other !== undefined && other !== host && !other.isDead) met.push(key);
      starting.set(key, host);
      return () => void (starting.get(key) === host && starting.delete(key));
    },
  };
}
