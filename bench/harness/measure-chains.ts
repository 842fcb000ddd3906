import { setTimeout as sleep } from 'node:timers/promises';
import { createRequests, type MakeRequest } from '../load/make-requests.ts';
import type { RunningChains } from './chain-system.ts';
import type { Bench } from './part.ts';
import { postAll } from './post-all.ts';
import { readCpuMs } from './process-cpu.ts';
import { readHistory, type HistoryCost } from './read-history.ts';
import { summarise } from './statistics.ts';
import { PROBED, type SystemInWorld } from './with-system.ts';

/** What chains came to in one round. */
export interface MeasuredChains {
  /** Finished a second, from the first webhook to the last action of the last chain. */
  readonly perSecond: number;
  /** On the processor for each chain, in milliseconds; undefined where the machine does not tell. */
  readonly ownCpuMs: number | undefined;
  readonly storesCpuMs: number | undefined;
  /** From one webhook to its third action, while nothing else is done: the median; undefined where that is not known. */
  readonly idleMs: number | undefined;
  /** Undefined without Temporal. */
  readonly history: HistoryCost | undefined;
}

/** How many are measured. */
export interface ChainCounts {
  readonly warmUp: number;
  readonly chains: number;
  readonly idle: number;
}

const CONNECTIONS = 32;
const POLL_MS = 50;
const IDLE_PAUSE_MS = 150;
const FINISH_MS = 3 * 60_000;

/** Posts a number of webhooks as fast as the system takes them, waits until all of their chains are finished, then looks at single ones. */
export async function measureChains(bench: Bench, running: SystemInWorld<RunningChains>, counts: ChainCounts): Promise<MeasuredChains> {
  const pids = running.world.pids();
  let total = PROBED;
  await untilFinished(running, total, bench.signal);
  const makeRequest = createRequests({ url: running.url, secret: running.world.secret, bodyBytes: bench.bodyBytes });
  const post = async (count: number): Promise<void> => {
    await postAll({ url: running.url, makeRequest, count, connections: CONNECTIONS });
    total += count;
  };
  await post(counts.warmUp);
  await untilFinished(running, total, bench.signal);

  const before = { total, own: await readCpuMs(pids.own), stores: await readCpuMs(pids.stores), at: Date.now() };
  await post(counts.chains);
  const { lastMs } = await untilFinished(running, total, bench.signal);
  const seconds = ((Number.isNaN(lastMs) ? Date.now() : lastMs) - before.at) / 1_000;
  const chains = total - before.total;
  const perChain = (was: number | undefined, is: number | undefined): number | undefined =>
    was === undefined || is === undefined ? undefined : (is - was) / chains;
  const cost = {
    ownCpuMs: perChain(before.own, await readCpuMs(pids.own)),
    storesCpuMs: perChain(before.stores, await readCpuMs(pids.stores)),
  };
  const idleMs = Number.isNaN(lastMs)
    ? undefined
    : await measureIdle(running, { known: total, count: counts.idle, makeRequest, signal: bench.signal });
  const history = running.temporal === undefined ? undefined : await readHistory(running.temporal);
  return { perSecond: chains / seconds, ...cost, idleMs, history };
}

async function measureIdle(
  running: RunningChains,
  {
    known,
    count,
    makeRequest,
    signal,
  }: { readonly known: number; readonly count: number; readonly makeRequest: MakeRequest; readonly signal: AbortSignal },
): Promise<number | undefined> {
  const durations: number[] = [];
  for (let index = 1; index <= count; index += 1) {
    await sleep(IDLE_PAUSE_MS, undefined, { signal });
    const sentAt = performance.timeOrigin + performance.now();
    await postAll({ url: running.url, makeRequest, count: 1, connections: 1 });
    const { lastMs } = await untilFinished(running, known + index, signal);
    durations.push(lastMs - sentAt);
  }
  return summarise(durations)?.median;
}

async function untilFinished(running: RunningChains, wanted: number, signal: AbortSignal) {
  for (const until = performance.now() + FINISH_MS; ;) {
    const finished = await running.finished();
    if (finished.count >= wanted) return finished;
    if (performance.now() > until) throw new Error(`${wanted - finished.count} of ${wanted} chains are not finished`);
    await sleep(POLL_MS, undefined, { signal });
  }
}
