import { hostname } from 'node:os';
import type { CrmAdapter } from '../activities/crm-adapter.ts';
import { createHttpCrm } from '../activities/crm-http.ts';
import { createTableCrm } from '../activities/crm-table.ts';
import { createMailTemplates } from '../activities/mail-templates.ts';
import { createMailer } from '../activities/mailer.ts';
import { createOutboundHttp, type OutboundHttp } from '../activities/outbound-http.ts';
import { readSegmentRules } from '../activities/segment-rules.ts';
import { createTeamNotices } from '../activities/team-notice.ts';
import type { Meter } from '../contracts/metrics.ts';
import type { Log } from '../contracts/names.ts';
import type { Settings } from '../contracts/settings.ts';
import { readRevision } from '../store/customers.ts';
import { createPool, type Pool } from '../store/pool.ts';
import { createRuns } from '../store/runs.ts';
import { resolveTemporal, type TemporalTarget } from './temporal-client.ts';
import { connectWorker } from './temporal-worker-connection.ts';
import { bundleChains } from './bundle-chains.ts';
import { startWorker } from './worker.ts';

/** Where the outside is: given by the settings, or by the servers of this machine. */
export interface OutsideWorld {
  readonly smtpUrl: string;
  readonly warehouse: { readonly url: string; readonly secret: string };
  /** Origins that outbound calls may reach although they are private, beside those of the settings. */
  readonly allow: readonly string[];
}

/** What a worker process is made of. */
export interface WorkerProcessOptions {
  readonly settings: Settings;
  readonly databaseUrl: string;
  readonly temporal: TemporalTarget;
  readonly outside: OutsideWorld;
  readonly log: Log;
  readonly meter: Meter;
  readonly now: () => Date;
  /** Ends the waiting for Temporal. */
  readonly signal: AbortSignal;
}

/** A worker that runs chains and actions. */
export interface RunningWorkerProcess {
  /** Resolves when the worker has ended; rejects when it has failed. */
  readonly ended: Promise<void>;
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
  now,
  signal,
}: WorkerProcessOptions): Promise<RunningWorkerProcess> {
  const { maxCachedWorkflows, maxConcurrentActivities, shutdownGraceMs } = settings.worker;
  const [bundle, connection] = await Promise.all([bundleChains(log), connectWorker({ target: temporal, log, signal })]);
  const pool = createPool({ url: databaseUrl, max: POOL_SIZE, applicationName: 'hookline-worker', log });
  const http = createOutboundHttp({ allow: [...settings.http.allow, ...outside.allow], now });
  const closeAll = async (): Promise<void> => {
    await Promise.all([http.close(), pool.close(), connection.close()]);
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
      markOutcome: createRuns({ pool }).markOutcome,
      dependencies: {
        mailer: createMailer({
          smtpUrl: outside.smtpUrl,
          from: settings.mail.from,
          messageIdDomain: settings.mail.messageIdDomain,
          render: createMailTemplates(),
        }),
        http,
        warehouse: outside.warehouse,
        teamNotices: createTeamNotices({ url: settings.support.teamUrl, secret: settings.support.teamSecret, http, db: pool, now }),
        segmentRules: settings.marketing.segments ?? readSegmentRules(),
        crm: toCrm({ crm: settings.crm, pool, http, now }),
        now,
      },
      log,
      meter,
    });
    return {
      ended: worker.ended,
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

function toCrm({
  crm: { url, bearer, secret },
  pool,
  http,
  now,
}: Pick<Settings, 'crm'> & { readonly pool: Pool; readonly http: OutboundHttp; readonly now: () => Date }): CrmAdapter {
  if (url === undefined) return createTableCrm({ pool });
  return createHttpCrm({ url, bearer, secret, http, now, newestRevision: (customerId) => readRevision(pool, customerId) });
}

/** Connections of one worker: steps are short, and wait for one another here rather than in PostgreSQL. */
const POOL_SIZE = 10;
