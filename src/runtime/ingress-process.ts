import { hostname } from 'node:os';
import { events } from '../events/catalogue.gen.ts';
import { toSources, type Settings } from '../contracts/settings.ts';
import type { Meter } from '../contracts/metrics.ts';
import type { Log } from '../contracts/names.ts';
import type { Tracer } from '../contracts/tracing.ts';
import { createHoldingInterpreter } from '../ingress/hold-events.ts';
import { createInterpreter } from '../ingress/interpret.ts';
import { createReadHeld } from '../ingress/read-held.ts';
import { createReleaser } from '../ingress/releaser.ts';
import { toSafeError } from '../ingress/safe-error.ts';
import { createIngress, type Ingress } from '../ingress/server.ts';
import { createStarter } from '../ingress/starter.ts';
import { createTemporalPort } from '../ingress/temporal-port.ts';
import type { EagerConnection } from '../ingress/start-eagerly.ts';
import { providers } from '../providers/catalogue.gen.ts';
import { createInbox } from '../store/inbox.ts';
import { createPool } from '../store/pool.ts';
import { createRefusals } from '../store/refusals.ts';
import { createRuns } from '../store/runs.ts';
import { watchSwitches } from '../store/switch-watch.ts';
import { chains } from '../workflows/catalogue.gen.ts';
import { readMaxFiles } from '../admin/max-files.ts';
import { fitConnections } from './fit-connections.ts';
import { createTemporalClient, type TemporalTarget } from './temporal-client.ts';

/** What an ingress process is made of. */
export interface IngressProcessOptions {
  readonly settings: Settings;
  readonly databaseUrl: string;
  readonly temporal: TemporalTarget;
  readonly log: Log;
  readonly meter: Meter;
  readonly tracer: Tracer;
  readonly now: () => Date;
  readonly newUuid: () => string;
  readonly random: () => number;
  /** Told of each commit of the inbox what it threw, or `undefined`. @default nobody is told */
  readonly onCommit?: ((failure: unknown) => void) | undefined;
  /** By which a worker of this process polls, once there is one. @default there is none */
  readonly eager?: (() => EagerConnection | undefined) | undefined;
}

/** An ingress that takes webhooks and starts runs. */
export interface RunningIngress {
  readonly port: number;
  /** Ends in order: nothing acknowledged is left unwritten. */
  close(): Promise<void>;
}

/** Connections to PostgreSQL of the starter: claims and marks, the switches, and the releaser. */
const STARTER_CONNECTIONS = 4;
/** How often the switches are read: a hold counts well within a second of its command. */
const SWITCHES_MS = 500;

/**
 * Starts listener, starter and releaser; the database must be migrated. Temporal may be down: events are accepted all the same. What is
 * held when it starts is held from its first delivery on.
 */
export async function startIngress({
  settings,
  databaseUrl,
  temporal,
  log,
  meter,
  tracer,
  now,
  newUuid,
  random,
  onCommit,
  eager,
}: IngressProcessOptions): Promise<RunningIngress> {
  const pool = (name: string, max: number) => createPool({ url: databaseUrl, max, applicationName: `hookline-${name}`, log });
  // The inbox has connections of its own, so that neither refusals nor the starter can stand in the way of an acknowledgement.
  const pools = { inbox: pool('inbox', 2), refusals: pool('refusals', 1), starter: pool('starter', STARTER_CONNECTIONS) };
  const { connection, namespace, close: closeTemporal } = createTemporalClient(temporal);
  const inbox = createInbox({ pool: pools.inbox, log, meter, onWritten: onCommit, ...settings.inbox });
  meter.watch('hookline_inbox_waiting', () => [{ labels: {}, value: inbox.waiting() }]);
  const refusals = createRefusals({ pool: pools.refusals, log, now });
  const sources = toSources(settings);
  const interpret = createInterpreter({ providers, events, chains });
  const switches = await watchSwitches({ pool: pools.starter, log, everyMs: SWITCHES_MS });
  const starter = createStarter({
    runs: createRuns({ pool: pools.starter }),
    temporal: createTemporalPort({ connection, namespace, identity: `hookline-ingress@${hostname()}:${process.pid}`, eager }),
    chains,
    owner: newUuid(),
    ...settings.starter,
    log,
    meter,
    tracer,
    now,
  });
  const releaser = createReleaser({
    pool: pools.starter,
    switches: switches.current,
    read: createReadHeld({
      sources,
      interpret,
      now,
      onThrown: (uuid, error) => log.error({ component: 'releaser', event_uuid: uuid, err: toSafeError(error) }, 'held event not read'),
    }),
    starter,
    log,
    now,
  });
  let ingress: Ingress | undefined;
  const close = async (): Promise<void> => {
    await ingress?.drain();
    await Promise.all([inbox.close(), refusals.close(), releaser.close(), starter.close(), switches.close()]);
    await Promise.all([closeTemporal(), ...Object.values(pools).map((one) => one.close())]);
  };
  try {
    ingress = createIngress({
      sources,
      trustProxy: settings.ingress.trustProxy,
      tls: settings.ingress.tls,
      publicUrl: settings.publicUrl,
      providers,
      interpret: createHoldingInterpreter({ interpret, switches: switches.current }),
      inbox,
      refusals,
      starter,
      limits: toLimits(settings.ingress, log),
      log,
      meter,
      tracer,
      now,
      newUuid,
      random,
    });
    return { ...(await ingress.listen(settings.ingress)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function toLimits(
  { bodyLimit, headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, maxConnections }: Settings['ingress'],
  log: Log,
): NonNullable<Parameters<typeof createIngress>[0]['limits']> {
  const connections = fitConnections({ maxConnections, maxFiles: readMaxFiles(), log });
  return { bodyBytes: bodyLimit, headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, connections };
}
