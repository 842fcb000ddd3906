import type { Workflow, WorkflowCreateOptions } from '@temporalio/worker/lib/workflow/interface.js';
import { expect, it } from 'vitest';
import { createChainThreads, type ChainThread } from '../../src/runtime/chain-threads.ts';
import { silentLog } from '../support/silent-log.ts';

type Answer = Awaited<ReturnType<Workflow['activate']>>;

/** Threads that answer when they are told to; `log` says what was done with them, by number. */
function createThreads() {
  const did: string[] = [];
  const waiting: { readonly chain: string; readonly answer: (answer?: Answer) => void; readonly fail: (reason: Error) => void }[] = [];
  let count = 0;
  let beat = (): void => {};
  const startThread = async ({ watched }: { readonly watched: boolean }): Promise<ChainThread> => {
    const number = ++count;
    did.push(`start ${number}${watched ? ' watched' : ''}`);
    const fails = new Set<(reason: Error) => void>();
    return {
      async createWorkflow({ info: { workflowType: chain } }) {
        did.push(`${chain} in ${number}`);
        return {
          activate: () =>
            new Promise<Answer>((resolve, reject) => {
              fails.add(reject);
              waiting.push({ chain, fail: reject, answer: (answer = { runId: chain }) => resolve(answer) });
            }),
          getAndResetSinkCalls: async () => [],
          dispose: async () => {},
        };
      },
      async destroy() {
        did.push(`destroy ${number}`);
      },
      async terminate() {
        did.push(`terminate ${number}`);
        for (const fail of fails) fail(new Error('the thread is gone'));
      },
    };
  };
  const every = (_ms: number, tick: () => void): (() => void) => {
    beat = tick;
    return () => did.push('no more beats');
  };
  const beats = async (number: number): Promise<void> => {
    for (let index = 0; index < number; index += 1) beat();
    await new Promise(setImmediate);
  };
  return { did, waiting, startThread, every, beats };
}

const optionsOf = (workflowType: string, runId = workflowType) => ({ info: { workflowType, runId } }) as WorkflowCreateOptions;
const code = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (error: unknown) => (error as { code?: string }).code,
  );

it('runs all chains in one thread for as long as that answers', async () => {
  const { did, waiting, beats, ...threads } = createThreads();
  const creator = await createChainThreads({ ...threads, log: silentLog });
  const workflow = await creator.createWorkflow(optionsOf('order'));
  for (let round = 0; round < 3; round += 1) {
    const answered = workflow.activate({});
    await beats(4); // slow, and alive
    waiting.shift()?.answer();
    await expect(answered).resolves.toEqual({ runId: 'order' });
  }
  await beats(20); // nothing is asked: nothing is due
  await creator.createWorkflow(optionsOf('ticket'));
  await creator.destroy();
  expect(did).toEqual(['start 1', 'order in 1', 'ticket in 1', 'destroy 1', 'no more beats']);
});

it('takes a thread that answers somebody for one that is not blocked', async () => {
  const { did, waiting, beats, ...threads } = createThreads();
  const creator = await createChainThreads({ ...threads, log: silentLog });
  const slow = await creator.createWorkflow(optionsOf('slow'));
  const quick = await creator.createWorkflow(optionsOf('quick'));
  void slow.activate({});
  for (let round = 0; round < 5; round += 1) {
    const answered = quick.activate({});
    await beats(3);
    waiting.pop()?.answer();
    await answered;
  }
  expect(did).not.toContain('terminate 1');
});

it('ends a blocked thread, fails what waits for it, and goes on with that in one that is watched', async () => {
  const { did, waiting, beats, ...threads } = createThreads();
  const creator = await createChainThreads({ ...threads, log: silentLog });
  const endless = await creator.createWorkflow(optionsOf('endless', 'e1'));
  const behind = await creator.createWorkflow(optionsOf('order', 'o1'));
  const idle = await creator.createWorkflow(optionsOf('order', 'o2'));
  const failed = [code(endless.activate({})), code(behind.activate({}))];
  await beats(5);
  expect(did).not.toContain('terminate 1');
  await beats(1);
  await expect(Promise.all(failed)).resolves.toEqual(['chain.blocked', 'chain.blocked']);
  await expect(code(idle.activate({}))).resolves.toBe('chain.blocked'); // its thread is gone: the SDK makes it anew
  await expect(endless.getAndResetSinkCalls()).resolves.toEqual([]);
  await endless.dispose();

  did.length = 0;
  waiting.length = 0;
  await creator.createWorkflow(optionsOf('order', 'o2'));
  await creator.createWorkflow(optionsOf('order', 'o1'));
  const again = await creator.createWorkflow(optionsOf('endless', 'e1'));
  const interrupted = again.activate({});
  waiting.shift()?.answer({ failed: { failure: { message: 'Script execution timed out after 5000ms' } } });
  await interrupted;
  await creator.createWorkflow(optionsOf('endless', 'e2'));
  await creator.createWorkflow(optionsOf('order', 'o3'));
  await beats(20);
  await creator.destroy();
  expect(did).toEqual([
    'order in 2',
    'start 3 watched',
    'order in 3',
    'endless in 3',
    'endless in 3',
    'order in 2',
    'destroy 2',
    'destroy 3',
    'no more beats',
  ]);
});

it('tries again for whoever needs a thread, where the next one could not be started', async () => {
  const { did, beats, startThread, every } = createThreads();
  let fails = false;
  const creator = await createChainThreads({
    startThread: async (how) => {
      if (fails) throw new Error('no memory');
      return startThread(how);
    },
    every,
    log: silentLog,
  });
  const endless = await creator.createWorkflow(optionsOf('endless', 'e1'));
  const failed = code(endless.activate({}));
  fails = true;
  await beats(6);
  await expect(failed).resolves.toBe('chain.blocked');
  await expect(creator.createWorkflow(optionsOf('order', 'o1'))).rejects.toThrow('no memory');
  fails = false;
  await creator.createWorkflow(optionsOf('order', 'o1'));
  await creator.destroy();
  expect(did).toEqual(['start 1', 'endless in 1', 'terminate 1', 'start 2', 'order in 2', 'destroy 2', 'no more beats']);
});

it('listens to a new thread from the beginning', async () => {
  const { did, beats, ...threads } = createThreads();
  const creator = await createChainThreads({ ...threads, log: silentLog });
  const endless = await creator.createWorkflow(optionsOf('endless', 'e1'));
  const failed = code(endless.activate({}));
  await beats(6);
  await expect(failed).resolves.toBe('chain.blocked');
  const order = await creator.createWorkflow(optionsOf('order', 'o1')); // as many answers as the thread before had given
  void order.activate({});
  await beats(4);
  expect(did).not.toContain('terminate 2');
});

it('hands on what a workflow itself fails with', async () => {
  const { waiting, beats: _beats, did: _did, ...threads } = createThreads();
  const creator = await createChainThreads({ ...threads, log: silentLog });
  const workflow = await creator.createWorkflow(optionsOf('order'));
  const failed = workflow.activate({});
  waiting.shift()?.fail(new TypeError('a bug'));
  await expect(failed).rejects.toThrow(new TypeError('a bug'));
});
