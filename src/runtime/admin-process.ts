import { readFileSync } from 'node:fs';
import { createMeter, type ReadableMeter } from '../admin/meter.ts';
import { createProbe } from '../admin/probe.ts';
import { createReadiness, type Role } from '../admin/readiness.ts';
import { createAdminServer } from '../admin/server.ts';
import { watchBacklog } from '../admin/watch-backlog.ts';
import { watchProcess } from '../admin/watch-process.ts';
import type { Log } from '../contracts/names.ts';
import type { Settings } from '../contracts/settings.ts';
import { checkPostgres, readBacklog } from '../store/backlog.ts';
import { createPool } from '../store/pool.ts';
import { createTemporalClient, withDeadline, type TemporalTarget } from './temporal-client.ts';

/** What the operators' listener of a process is made of. */
export interface AdminProcessOptions {
  readonly settings: Pick<Settings, 'admin'>;
  /** Settings that were given: a given port is taken or refused, another moves to the next free one. */
  readonly given: ReadonlySet<string>;
  readonly databaseUrl: string;
  readonly temporal: TemporalTarget;
  readonly role: Role;
  /** What the process measures with. @default one of its own */
  readonly meter?: ReadableMeter;
  readonly log: Log;
  readonly now: () => Date;
}

/** The operators' listener of a process. */
export interface RunningAdmin {
  readonly url: string;
  readonly meter: ReadableMeter;
  /** Says that all parts of the process are there. */
  started(): void;
  /** Turns readiness off: the first act of a stop. */
  drain(): void;
  close(): Promise<void>;
}

/** One for the question whether PostgreSQL is there, one for what is not finished. */
const CONNECTIONS = 2;
const TEMPORAL_DEADLINE_MS = 2_000;

/** Starts the listener: `/healthz`, `/readyz`, `/metrics`. Neither PostgreSQL nor Temporal need be there. */
export async function startAdmin({
  settings,
  given,
  databaseUrl,
  temporal,
  role,
  meter = createMeter(role),
  log,
  now,
}: AdminProcessOptions): Promise<RunningAdmin> {
  const pool = createPool({ url: databaseUrl, max: CONNECTIONS, applicationName: 'hookline-admin', log });
  const { connection, namespace, close: closeTemporal } = createTemporalClient(temporal);
  const servers = {
    postgres: createProbe({ check: () => checkPostgres(pool), now }),
    temporal: createProbe({
      check: () => withDeadline(connection, TEMPORAL_DEADLINE_MS, () => connection.workflowService.describeNamespace({ namespace })),
      now,
    }),
  };
  const readiness = createReadiness({ role, servers });
  const watch = watchProcess({ meter, version: readVersion(), role });
  const readAnew = watchBacklog({ meter, read: () => readBacklog(pool), monotonicMs: () => performance.now() });
  meter.watch('hookline_postgres_up', () => [{ labels: {}, value: servers.postgres.downSince() === null ? 1 : 0 }]);
  meter.watch('hookline_temporal_up', () => [{ labels: {}, value: servers.temporal.downSince() === null ? 1 : 0 }]);
  const server = createAdminServer({
    readiness,
    async metrics() {
      if (servers.postgres.downSince() === null) await readAnew();
      return meter.toText();
    },
  });
  const close = async (): Promise<void> => {
    watch.close();
    await Promise.all([server.close(), servers.postgres.close(), servers.temporal.close()]);
    await Promise.all([pool.close(), closeTemporal()]);
  };
  try {
    const url = await server.listen({ ...settings.admin, movable: !given.has('admin.port') });
    return { url, meter, started: readiness.started, drain: readiness.drain, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version; // our own file
}
