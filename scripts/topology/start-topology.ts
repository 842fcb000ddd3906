import { randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../src/contracts/names.ts';
import { freePort } from '../../src/runtime/free-port.ts';
import { startMailCatcher, type MailCatcher } from '../../src/runtime/mail-catcher.ts';
import { createParts, type Parts } from '../../src/runtime/parts.ts';
import { startWarehouse, type Warehouse } from '../../src/runtime/warehouse-receiver.ts';
import { makeCertificate } from './certificate.ts';
import { environmentOf, readComposeServices, stopMsOf, toProcesses, versionOf, type ComposeService } from './compose.ts';
import { startDatabase } from './databases.ts';
import { makeEnvironment } from './environment.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { startProxy } from './proxy.ts';
import { findTemporalBinaries } from './temporal-binaries.ts';
import { findTemporalPorts, makeTemporalSchema, startTemporalServer } from './temporal-server.ts';

/** Everything of `docker-compose.yml` that runs without an engine, on 127.0.0.1. */
export interface Topology {
  /** Of the proxy: `https://127.0.0.1:<port>`. */
  readonly url: string;
  /** PEM: who trusts it trusts the proxy. */
  readonly authority: string;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  /** Values of `deploy/.env`, and the secrets of the demonstration's sources. */
  readonly environment: ReadonlyMap<string, string>;
  readonly mail: MailCatcher;
  readonly warehouse: Warehouse;
  readonly fleet: Fleet;
  /** Aborted, with the reason, when a part ends that nobody has asked to. */
  readonly signal: AbortSignal;
  /** Ends everything, the proxy first and the servers last. */
  close(): Promise<void>;
}

/** Options of `startTopology`. */
export interface TopologyOptions {
  /** Where everything is kept, logs too. */
  readonly folder: string;
  readonly log: Log;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Who ends last has the lowest level. */
const LEVELS = { outside: 0, databases: 1, temporal: 2, fleet: 3, proxy: 4 } as const;

/** Starts every part, each when what it waits for in compose is there; a start that fails leaves nothing behind but its folder. */
export async function startTopology(options: TopologyOptions): Promise<Topology> {
  const giveUp = new AbortController();
  const parts = createParts(() => giveUp.abort(new Error('another part has failed to start')));
  try {
    const signal = AbortSignal.any([options.signal, giveUp.signal]);
    return await start(parts, { ...options, signal, onDied: (error) => giveUp.abort(error) });
  } catch (error) {
    giveUp.abort();
    // of several that have failed, one has failed first, and not been given up
    const first = await parts.ready().then(
      () => error,
      (reason: unknown) => reason,
    );
    await parts.close();
    throw options.signal.aborted ? error : first;
  }
}

async function start(
  parts: Parts,
  { folder, log, onProgress, signal, onDied }: TopologyOptions & { readonly onDied: (error: Error) => void },
): Promise<Topology> {
  const services = readComposeServices();
  const logs = join(folder, 'logs');
  await mkdir(logs, { recursive: true });
  onProgress('looking for the binaries of Temporal');
  const version = versionOf(serviceOf(services, 'temporal'));
  const binaries = await findTemporalBinaries({ version, env: process.env, onProgress, signal });
  const certificate = await makeCertificate(folder);
  const { mail, warehouse, environment } = await startOutside(parts, { folder, log });
  const envOf = (name: string) => environmentOf(serviceOf(services, name), environment);

  onProgress('starting the databases, Temporal and our processes');
  const startPostgres = (name: string) =>
    parts.add(LEVELS.databases, startDatabase(envOf(name), { folder: join(folder, name), log, onProgress: () => {} }));
  const [postgres, temporalPostgres, temporalPort] = [
    startPostgres('postgres'),
    startPostgres('temporal-postgres'),
    await chooseTemporalPort(),
  ];
  const temporal = parts.add(
    LEVELS.temporal,
    temporalPostgres.then(async ({ port: databasePort }) => {
      const env = { ...envOf('temporal-schema'), ...envOf('temporal') };
      const place = { binaries, folder: join(folder, 'temporal'), databasePort, port: temporalPort, env, signal };
      await makeTemporalSchema(place);
      return startTemporalServer(place, { logFile: join(logs, 'temporal.log'), stopMs: stopMsOf(serviceOf(services, 'temporal')), onDied });
    }),
  );
  temporal.catch(() => {}); // the fleet waits for it below

  const { port: databasePort } = await postgres;
  const temporalAddress = `127.0.0.1:${temporalPort}`;
  const servers = { database: `127.0.0.1:${databasePort}`, temporal: temporalAddress };
  const fleet = await parts.add(
    LEVELS.fleet,
    createFleet({ processes: toProcesses(services), servers, environment, folder: logs, signal, onDied, temporal, onProgress }),
  );
  const [port, ingresses] = [await freePort(), [fleet.portOf('ingress-1'), fleet.portOf('ingress-2')] as const];
  await parts.add(
    LEVELS.proxy,
    startProxy(
      { folder: join(folder, 'nginx'), port, ingresses, certificate },
      { logFile: join(logs, 'proxy.log'), stopMs: stopMsOf(serviceOf(services, 'proxy')), signal, onDied },
    ),
  );
  const databaseUrl = fleet.environmentOf('ingress-1')['DATABASE_URL'] ?? '';
  return {
    url: `https://127.0.0.1:${port}`,
    authority: certificate.authority,
    databaseUrl,
    temporalAddress,
    environment,
    mail,
    warehouse,
    fleet,
    signal,
    close: parts.close,
  };
}

/** The stand-ins for mail server and warehouse, and the environment that names them. */
async function startOutside(
  parts: Parts,
  { folder, log }: Pick<TopologyOptions, 'folder' | 'log'>,
): Promise<Pick<Topology, 'mail' | 'warehouse' | 'environment'>> {
  const now = (): Date => new Date();
  const mail = await parts.add(LEVELS.outside, startMailCatcher({ dir: join(folder, 'mails'), log, now }));
  const port = await freePort();
  const environment = makeEnvironment({ folder, outside: { smtpUrl: mail.smtpUrl, warehouseUrl: `http://127.0.0.1:${port}/orders` } });
  const secret = environment.get('WAREHOUSE_SECRET') ?? '';
  const warehouse = await parts.add(LEVELS.outside, startWarehouse({ dir: join(folder, 'warehouse'), port, secret, log, now }));
  return { mail, warehouse, environment };
}

/** Somewhere below the ports that Linux gives out by itself, so that two topologies hardly ever meet. */
async function chooseTemporalPort(): Promise<number> {
  const [port = 0] = await findTemporalPorts(1, 20_000 + randomInt(1_000) * 10);
  return port;
}

function serviceOf(services: Readonly<Record<string, ComposeService>>, name: string): ComposeService {
  const service = services[name];
  if (service === undefined) throw new Error(`docker-compose.yml has no service \`${name}\` any more: see scripts/topology`);
  return service;
}
