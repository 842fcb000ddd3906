import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRequests } from '../load/make-requests.ts';
import { startDatabases } from './databases.ts';
import type { Databases } from './databases.ts';
import type { Bench } from './part.ts';
import { probe } from './probe.ts';
import type { RunningSystem, System } from './system.ts';
import { createWorld, type World } from './world.ts';

/** A system that runs, in its world. */
export type SystemInWorld<Running extends RunningSystem = RunningSystem> = Running & {
  readonly world: World;
  readonly databases: Databases;
};

/** Starts a PostgreSQL for a part, and ends it. */
export async function withDatabases<Result>(
  { folder, log }: Pick<Bench, 'folder' | 'log'>,
  use: (databases: Databases) => Promise<Result>,
  { countStatements = false } = {},
): Promise<Result> {
  const databases = await startDatabases({ folder: join(folder, countStatements ? 'counting' : 'plain'), log, countStatements });
  try {
    return await use(databases);
  } finally {
    await databases.close();
  }
}

/** Starts a system in a world of its own, proves that it verifies, and ends it whatever happens. */
export async function withSystem<Result, Running extends RunningSystem>(
  { bench, system, databases }: { readonly bench: Bench; readonly system: System<Running>; readonly databases: Databases },
  use: (running: SystemInWorld<Running>) => Promise<Result>,
): Promise<Result> {
  const { tools, log, signal, bodyBytes } = bench;
  const folder = join(bench.folder, system.name);
  await rm(folder, { recursive: true, force: true });
  const world = await createWorld({ folder, name: system.name, tools, databases, log, signal });
  try {
    const running = await system.start(world);
    await probe(running.url, createRequests({ url: running.url, secret: world.secret, bodyBytes }));
    return await use({ ...running, world, databases });
  } finally {
    await world.close();
  }
}

/** The acknowledgement that the probe got, beside those of loads. */
export const PROBED = 1;

const STORED_MS = 10_000;
const POLL_MS = 200;

/** How many acknowledged deliveries a system has not stored, though it had ten seconds more; 0 where it stores none by design. */
export async function countLost({ stored }: RunningSystem, acked: number): Promise<number> {
  if (stored === undefined) return 0;
  for (const until = performance.now() + STORED_MS; ;) {
    const missing = acked - (await stored());
    if (missing <= 0) return 0;
    if (performance.now() > until) return missing;
    await sleep(POLL_MS);
  }
}
