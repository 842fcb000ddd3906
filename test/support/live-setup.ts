import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../src/runtime/embedded-postgres.ts';
import { findTemporalCli } from '../../src/runtime/find-temporal-cli.ts';
import { toProgressLine, type ProgressEvent } from '../../src/runtime/progress.ts';
import { startTemporal } from '../../src/runtime/temporal-server.ts';
import { silentLog } from './silent-log.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A real PostgreSQL that all live tests share; each file makes a database of its own (`createDatabase`). */
    readonly postgresUrl: string;
    /** A real Temporal server that all live tests share; each file makes a namespace of its own (`createNamespace`). It can skip time. */
    readonly temporalAddress: string;
  }
}

interface Server {
  close(): Promise<void>;
}

/** Starts the real servers that the live tests share, once, and stops them at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-live-'));
  const servers: Server[] = [];
  const teardown = async (): Promise<void> => {
    for (const server of servers.reverse()) await server.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    servers.push(await providePostgres(project, join(folder, 'postgres')));
    servers.push(await provideTemporal(project, join(folder, 'temporal')));
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
}

async function providePostgres(project: TestProject, dataDir: string): Promise<Server> {
  const postgres = await startPostgres({ dataDir, log: silentLog });
  project.provide('postgresUrl', postgres.url);
  return postgres;
}

async function provideTemporal(project: TestProject, dataDir: string): Promise<Server> {
  const progress = (event: ProgressEvent): void => void process.stderr.write(`${toProgressLine(event)}\n`);
  const { path } = await findTemporalCli({ env: process.env, progress });
  const temporal = await startTemporal({ cli: path, dataDir, headless: true, timeSkipping: true, log: silentLog });
  project.provide('temporalAddress', temporal.address);
  return temporal;
}
