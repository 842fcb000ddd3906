import { readFileSync } from 'node:fs';
import { createAccess } from '../admin/access.ts';
import { createMeter, type ReadableMeter } from '../admin/meter.ts';
import { createProbe } from '../admin/probe.ts';
import { createReadiness, type Role, type ServerState } from '../admin/readiness.ts';
import { createAdminServer } from '../admin/server.ts';
import { watchBacklog } from '../admin/watch-backlog.ts';
import { watchProcess } from '../admin/watch-process.ts';
import type { Log } from '../contracts/names.ts';
import type { Settings } from '../contracts/settings.ts';
import { isShedding, toTemporalReason } from '../ingress/temporal-reason.ts';
import { createTlsFiles, toTlsPaths } from '../ingress/tls-files.ts';
import { checkPostgres, readBacklog } from '../store/backlog.ts';
import { createPool } from '../store/pool.ts';
import { toPostgresReason } from '../store/postgres-reason.ts';
import { findToken } from '../store/tokens.ts';
import { createApi, type ApiWish } from './create-api.ts';
import { createReadPendingSteps } from './read-pending-steps.ts';
import { createTemporalClient, withDeadline, type TemporalTarget } from './temporal-client.ts';

/** What the operators' listener of a process is made of. */
export interface AdminProcessOptions {
  readonly settings: Pick<Settings, 'admin'>;
  /** Settings that were given: a given port is taken or refused, another moves to the next free one. */
  readonly given: ReadonlySet<string>;
  readonly databaseUrl: string;
  readonly temporal: TemporalTarget;
  readonly role: Role;
  /** What operators look at and change. @default health and metrics only */
  readonly api?: Pick<ApiWish, 'settings' | 'uiUrl' | 'publicUrl' | 'newUuid'> | undefined;
  /** What the process measures with. @default one of its own */
  readonly meter?: ReadableMeter;
  /** What commits of this process say of PostgreSQL, where it makes any beside its questions. @default it makes none */
  readonly commits?: ServerState | undefined;
  readonly log: Log;
  readonly now: () => Date;
}

/** The operators' listener of a process. */
export interface RunningAdmin {
  readonly url: string;
  readonly meter: ReadableMeter;
  /** Has text of somebody else's metrics put below ours at each scrape; `read` must not reject, and is waited for. */
  addMetrics(read: () => Promise<string>): void;
  /** Says that all parts of the process are there. */
  started(): void;
  /** Turns readiness off: the first act of a stop. */
  drain(): void;
  close(): Promise<void>;
}

/** One for the question whether PostgreSQL is there, one for what is not finished, one for tokens. */
const CONNECTIONS = 3;
const TEMPORAL_DEADLINE_MS = 2_000;

/**
 * Starts the listener: `/healthz`, `/readyz`, `/metrics`, and the API where it is wanted. Neither PostgreSQL nor Temporal need be there.
 * Throws `settings.wrong` where its certificate cannot be served.
 */
export async function startAdmin({
  settings,
  given,
  databaseUrl,
  temporal,
  role,
  api,
  meter = createMeter(role),
  commits,
  log,
  now,
}: AdminProcessOptions): Promise<RunningAdmin> {
  const tlsPaths = toTlsPaths(settings.admin.tls);
  const tls = tlsPaths && createTlsFiles({ paths: tlsPaths, log, now }); // first, since it may throw
  const pool = createPool({ url: databaseUrl, max: CONNECTIONS, applicationName: 'hookline-admin', log });
  const { connection, namespace, close: closeTemporal } = createTemporalClient(temporal);
  const servers = {
    postgres: createProbe({ check: () => checkPostgres(pool), toReason: toPostgresReason, now }),
    temporal: createProbe({
      check: () => withDeadline(connection, TEMPORAL_DEADLINE_MS, () => connection.workflowService.describeNamespace({ namespace })),
      toReason: toTemporalReason,
      isStrain: isShedding,
      now,
    }),
  };
  const postgres = commits === undefined ? servers.postgres : eitherDown(servers.postgres, commits);
  const readiness = createReadiness({ role, servers: { ...servers, postgres } });
  const watch = watchProcess({ meter, version: readVersion(), role });
  const readAnew = watchBacklog({ meter, read: () => readBacklog(pool), monotonicMs: () => performance.now() });
  meter.watch('hookline_postgres_up', () => [{ labels: {}, value: postgres.downSince() === null ? 1 : 0 }]);
  meter.watch('hookline_temporal_up', () => [{ labels: {}, value: servers.temporal.downSince() === null ? 1 : 0 }]);
  meter.watch('hookline_ready', () => [{ labels: {}, value: readiness.report().ready ? 1 : 0 }]);
  const others: (() => Promise<string>)[] = [];
  const { trustProxy, auth } = settings.admin;
  const pendingSteps = createReadPendingSteps({ connection, namespace, now });
  const operated = api && createApi({ ...api, databaseUrl, namespace, pendingSteps, log, now });
  const server = createAdminServer({
    readiness,
    access: createAccess({ trustProxy, auth, encrypted: tls !== undefined, findToken: (sha256) => findToken(pool, sha256), now }),
    api: operated?.options,
    https: tls,
    async metrics() {
      if (servers.postgres.downSince() === null) await readAnew();
      const texts = await Promise.all(others.map((read) => read()));
      return [meter.toText(), ...texts].join('');
    },
  });
  const close = async (): Promise<void> => {
    watch.close();
    tls?.close();
    await Promise.all([server.close(), servers.postgres.close(), servers.temporal.close()]);
    await Promise.all([pool.close(), operated?.close(), closeTemporal()]);
  };
  try {
    const url = await server.listen({ host: settings.admin.host, port: settings.admin.port, movable: !given.has('admin.port') });
    return { url, meter, addMetrics: (read) => others.push(read), started: readiness.started, drain: readiness.drain, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What cannot be reached takes no commits either, so that comes first. */
function eitherDown(one: ServerState, other: ServerState): ServerState {
  const down = (): ServerState => (one.downSince() === null ? other : one);
  return { downSince: () => down().downSince(), reason: () => down().reason?.() ?? null };
}

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version; // our own file
}
