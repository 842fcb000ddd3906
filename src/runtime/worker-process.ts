import { hostname } from 'node:os';
import type { NativeConnection } from '@temporalio/worker';
import type { Meter } from '../contracts/metrics.ts';
import type { Log } from '../contracts/names.ts';
import type { Settings } from '../contracts/settings.ts';
import type { Tracer } from '../contracts/tracing.ts';
import { createPool } from '../store/pool.ts';
import { createRuns } from '../store/runs.ts';
import { resolveTemporal, type TemporalTarget } from './temporal-client.ts';
import { connectWorker } from './temporal-worker-connection.ts';
import { bundleChains } from './bundle-chains.ts';
import { createWorkerDependencies, type OutsideWorld } from './worker-dependencies.ts';
import { startWorker } from './worker.ts';

/** What a worker process is made of. */
export interface WorkerProcessOptions {
  readonly settings: Settings;
  readonly databaseUrl: string;
  readonly temporal: TemporalTarget;
  readonly outside: OutsideWorld;
  readonly log: Log;
  readonly meter: Meter;
  readonly tracer: Tracer;
  readonly now: () => Date;
  /** Ends the waiting for Temporal. */
  readonly signal: AbortSignal;
}

/** A worker that runs chains and actions. */
export interface RunningWorkerProcess {
  /** Resolves when the worker has ended; rejects when it has failed. */
  readonly ended: Promise<void>;
  /** What it polls by. */
  readonly connection: NativeConnection;
  close(): Promise<void>;
}

/** Starts a worker as soon as Temporal can be reached; the database must be migrated. */
export async function startWorkerProcess({
  settings,
  databaseUrl,
  temporal,
  outside,
  log,
  meter,
  tracer,
  now,
  signal,
}: WorkerProcessOptions): Promise<RunningWorkerProcess> {
  const { maxCachedWorkflows, maxConcurrentActivities, shutdownGraceMs } = settings.worker;
  const [bundle, connection] = await Promise.all([bundleChains(log), connectWorker({ target: temporal, log, signal })]);
  const pool = createPool({ url: databaseUrl, max: POOL_SIZE, applicationName: 'hookline-worker', log });
  const dependencies = createWorkerDependencies({ settings, outside, pool, meter, now });
  const runs = createRuns({ pool });
  const closeAll = async (): Promise<void> => {
    await Promise.all([dependencies.close(), pool.close(), connection.close()]);
  };
  try {
    const worker = await startWorker({
      connection,
      namespace: resolveTemporal(temporal).namespace,
      bundle,
      identity: `hookline-worker@${hostname()}:${process.pid}`,
      maxCachedWorkflows,
      maxConcurrentActivities,
      shutdownGraceMs,
      pool,
      markOutcome: runs.markOutcome,
      findRun: runs.get,
      dependencies: dependencies.live,
      dryDependencies: dependencies.dry,
      isDry: ({ test, source }) => test && settings.sources[source]?.test !== 'live',
      now,
      random: Math.random,
      log,
      meter,
      tracer,
    });
    return {
      ended: worker.ended,
      connection,
      async close() {
        await worker.close();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Connections of one worker: steps are short, and wait for one another here rather than in PostgreSQL. */
const POOL_SIZE = 10;
