import { hostname } from 'node:os';
import { events } from '../events/catalogue.gen.ts';
import { toSources, type Settings } from '../contracts/settings.ts';
import type { Meter } from '../contracts/metrics.ts';
import type { Log } from '../contracts/names.ts';
import { createInterpreter } from '../ingress/interpret.ts';
import { createIngress } from '../ingress/server.ts';
import { createStarter } from '../ingress/starter.ts';
import { createTemporalPort } from '../ingress/temporal-port.ts';
import { providers } from '../providers/catalogue.gen.ts';
import { createInbox } from '../store/inbox.ts';
import { createPool } from '../store/pool.ts';
import { createRefusals } from '../store/refusals.ts';
import { createRuns } from '../store/runs.ts';
import { chains } from '../workflows/catalogue.gen.ts';
import { createTemporalClient, type TemporalTarget } from './temporal-client.ts';

/** What an ingress process is made of. */
export interface IngressProcessOptions {
  readonly settings: Settings;
  readonly databaseUrl: string;
  readonly temporal: TemporalTarget;
  readonly log: Log;
  readonly meter: Meter;
  readonly now: () => Date;
  readonly newUuid: () => string;
  readonly random: () => number;
}

/** An ingress that takes webhooks and starts runs. */
export interface RunningIngress {
  readonly port: number;
  /** Ends in order: nothing acknowledged is left unwritten. */
  close(): Promise<void>;
}

/** Connections to PostgreSQL of the starter: claims and marks. */
const STARTER_CONNECTIONS = 4;

/** Starts listener and starter; the database must be migrated. Temporal may be down: events are accepted all the same. */
export async function startIngress({
  settings,
  databaseUrl,
  temporal,
  log,
  meter,
  now,
  newUuid,
  random,
}: IngressProcessOptions): Promise<RunningIngress> {
  const pool = (name: string, max: number) => createPool({ url: databaseUrl, max, applicationName: `hookline-${name}`, log });
  // The inbox has connections of its own, so that neither refusals nor the starter can stand in the way of an acknowledgement.
  const pools = { inbox: pool('inbox', 2), refusals: pool('refusals', 1), starter: pool('starter', STARTER_CONNECTIONS) };
  const { connection, namespace, close: closeTemporal } = createTemporalClient(temporal);
  const inbox = createInbox({ pool: pools.inbox, log, meter, maxWaiting: settings.inbox.maxWaiting });
  meter.watch('hookline_inbox_waiting', () => [{ labels: {}, value: inbox.waiting() }]);
  const refusals = createRefusals({ pool: pools.refusals, log, now });
  const starter = createStarter({
    runs: createRuns({ pool: pools.starter }),
    temporal: createTemporalPort({ connection, namespace, identity: `hookline-ingress@${hostname()}:${process.pid}` }),
    chains,
    owner: newUuid(),
    ...settings.starter,
    log,
    meter,
    now,
  });
  const ingress = createIngress({
    sources: toSources(settings),
    trustProxy: settings.ingress.trustProxy,
    providers,
    interpret: createInterpreter({ providers, events, chains }),
    inbox,
    refusals,
    starter,
    limits: toLimits(settings.ingress),
    log,
    meter,
    now,
    newUuid,
    random,
  });
  const close = async (): Promise<void> => {
    await ingress.drain();
    await Promise.all([inbox.close(), refusals.close(), starter.close()]);
    await Promise.all([closeTemporal(), ...Object.values(pools).map((one) => one.close())]);
  };
  try {
    return { ...(await ingress.listen(settings.ingress)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function toLimits({
  bodyLimit,
  headersTimeoutMs,
  requestTimeoutMs,
  keepAliveTimeoutMs,
  maxConnections,
}: Settings['ingress']): NonNullable<Parameters<typeof createIngress>[0]['limits']> {
  return { bodyBytes: bodyLimit, headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, connections: maxConnections };
}
