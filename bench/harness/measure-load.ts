import type { LoadPlan, LoadResult } from '../load/load-plan.ts';
import { readCpuMs } from './process-cpu.ts';
import { runLoad } from './run-load.ts';
import type { Pids } from './world.ts';

/** What one load came to, and what it cost. */
export interface MeasuredLoad {
  readonly result: LoadResult;
  /** 2xx a second. */
  readonly perSecond: number;
  /** Milliseconds on the processor per acknowledged delivery; undefined where the machine does not tell. */
  readonly ownCpuMs: number | undefined;
  /** The same, of databases, Redis and Temporal. */
  readonly storesCpuMs: number | undefined;
}

/** Options of `measureLoad`. */
export interface MeasureLoadOptions {
  readonly plan: LoadPlan;
  readonly pids: Pids;
  readonly signal: AbortSignal;
}

/** Runs a load against a system, and reads what its processes did in the measured window. */
export async function measureLoad({ plan, pids, signal }: MeasureLoadOptions): Promise<MeasuredLoad> {
  const edges: { readonly own: number | undefined; readonly stores: number | undefined }[] = [];
  const read = async (): Promise<void> => {
    const [own, stores] = await Promise.all([readCpuMs(pids.own), readCpuMs(pids.stores)]);
    edges.push({ own, stores });
  };
  const result = await runLoad({ plan, signal, onEdge: read });
  const [from, to] = edges;
  if (from === undefined || to === undefined) throw new Error('the load generator did not tell when its window began and ended');
  const perDelivery = (before: number | undefined, after: number | undefined): number | undefined =>
    before === undefined || after === undefined ? undefined : (after - before) / result.acked;
  return {
    result,
    perSecond: (result.acked / result.windowMs) * 1_000,
    ownCpuMs: perDelivery(from.own, to.own),
    storesCpuMs: perDelivery(from.stores, to.stores),
  };
}
