import type { Workflow, WorkflowCreator } from '@temporalio/worker/lib/workflow/interface.js';
import { HooklineError } from '../contracts/errors.ts';
import { systemEvery, type Every } from '../contracts/every.ts';
import type { Log } from '../contracts/names.ts';

/** A thread that chains run in. */
export interface ChainThread extends WorkflowCreator {
  /** Ends it whatever it is doing; what was asked of it is rejected. */
  terminate(): Promise<void>;
}

/** What threads are made with. */
export interface ChainThreadsOptions {
  /** Starts a thread. V8 interrupts code in a watched one that does not end, which costs a thread of the system's for each step of each chain. */
  readonly startThread: (how: { readonly watched: boolean }) => Promise<ChainThread>;
  readonly log: Log;
  /** Drives the listening. @default the system's timer */
  readonly every?: Every;
}

/** How often the free thread is listened to. */
const BEAT_MS = 1_000;
/** A thread is blocked that answers nothing in so many beats, though answers are due. A process that was stopped counts one beat. */
const SILENT_BEATS = 5;
/** How a failure begins that stands for code which V8 has interrupted. */
const INTERRUPTED = 'Script execution timed out';

interface Thread {
  readonly running: ChainThread;
  /** What it was asked and has not answered yet. */
  readonly asked: Set<Run>;
  answers: number;
  ended: boolean;
}

interface Run {
  readonly runId: string;
  readonly chain: string;
}

/**
 * Runs chains in one thread that nothing interrupts, which makes each of their steps cheaper. A chain whose code blocks that thread for five
 * seconds fails its workflow task with `chain.blocked`; runs that wait for the thread fail theirs with it, once. All of them go on in a
 * second thread, which is watched: code that blocks is interrupted there, and from then on, until this process ends, its chain
 * runs in that one. All others have a new free thread.
 */
export async function createChainThreads({ startThread, log, every = systemEvery }: ChainThreadsOptions): Promise<WorkflowCreator> {
  const suspects = new Set<string>();
  const guilty = new Set<string>();
  const start = async (isWatched: boolean): Promise<Thread> => ({
    running: await startThread({ watched: isWatched }),
    asked: new Set(),
    answers: 0,
    ended: false,
  });
  let free = await start(false);
  let restarting: Promise<void> | undefined;
  let watched: Promise<Thread> | undefined;
  let closing = false;

  const restart = (): Promise<void> => {
    restarting ??= start(false)
      .then((thread) => void (free = thread))
      .finally(() => (restarting = undefined));
    return restarting;
  };

  const giveUp = async (blocked: Thread): Promise<void> => {
    blocked.ended = true;
    const runs = [...blocked.asked];
    for (const { runId } of runs) suspects.add(runId);
    const chain = [...new Set(runs.map((run) => run.chain))].toSorted().join(', ');
    log.error({ component: 'worker', code: 'chain.blocked', chain }, 'a chain, one of these, has blocked its thread');
    await blocked.running.terminate();
    if (!closing) await restart();
  };

  const threadOf = async ({ runId, chain }: Run): Promise<Thread> => {
    if (suspects.has(runId) || guilty.has(chain)) {
      watched ??= start(true).catch((error: unknown) => {
        watched = undefined; // the next one who needs it tries again
        throw error;
      });
      return watched;
    }
    if (free.ended) await restart();
    return free;
  };

  const judge = ({ chain }: Run, { failed }: Awaited<ReturnType<Workflow['activate']>>): void => {
    if (guilty.has(chain) || failed?.failure?.message?.startsWith(INTERRUPTED) !== true) return;
    guilty.add(chain);
    log.error({ component: 'worker', code: 'chain.blocked', chain }, 'this chain blocks its thread; all its runs are watched from now on');
  };

  let [heard, silent] = [0, 0];
  const stop = every(BEAT_MS, () => {
    silent = free.asked.size > 0 && free.answers === heard ? silent + 1 : 0;
    heard = free.answers;
    if (silent < SILENT_BEATS || free.ended) return;
    silent = 0;
    giveUp(free).catch((err: unknown) => log.error({ component: 'worker', err }, 'no new thread for chains')); // whoever needs one tries again
  });

  return {
    async createWorkflow(options) {
      const run: Run = { runId: options.info.runId, chain: options.info.workflowType };
      const thread = await threadOf(run);
      const workflow = await ask(thread, run, () => thread.running.createWorkflow(options));
      return {
        async activate(activation) {
          const answer = await ask(thread, run, () => workflow.activate(activation));
          judge(run, answer);
          return answer;
        },
        getAndResetSinkCalls: async () => (thread.ended ? [] : workflow.getAndResetSinkCalls().catch(unlessEnded(thread, []))),
        async dispose() {
          if (!thread.ended) await workflow.dispose();
        },
      };
    },
    async destroy() {
      closing = true; // a thread that is blocked is still ended, or its end would be waited for without end
      const threads = [free, ...(watched === undefined ? [] : [await watched])].filter(({ ended }) => !ended);
      await Promise.all(threads.map((thread) => thread.running.destroy().catch(unlessEnded(thread, undefined))));
      stop();
    },
  };
}

/** Asks a thread, and fails with an error that the SDK makes a failed workflow task of when it was ended instead of answering. */
async function ask<Answer>(thread: Thread, run: Run, question: () => Promise<Answer>): Promise<Answer> {
  thread.asked.add(run);
  try {
    if (thread.ended) throw blocked();
    const answer = await question();
    thread.answers += 1;
    return answer;
  } catch (error) {
    throw thread.ended ? blocked() : error;
  } finally {
    thread.asked.delete(run);
  }
}

function blocked(): HooklineError {
  return new HooklineError('chain.blocked', { got: 'five seconds without an answer of its thread' });
}

function unlessEnded<Value>(thread: Thread, value: Value): (error: unknown) => Value {
  return (error) => {
    if (!thread.ended) throw error;
    return value;
  };
}
