import { join } from 'node:path';
import { createCommitWatch } from '../admin/commit-watch.ts';
import { createMeter } from '../admin/meter.ts';
import { HooklineError } from '../contracts/errors.ts';
import type { Log } from '../contracts/names.ts';
import type { Settings } from '../contracts/settings.ts';
import { NO_TRACER, type Tracer } from '../contracts/tracing.ts';
import type { EagerConnection } from '../ingress/start-eagerly.ts';
import { toListenerUrl, toPublicUrl } from '../ingress/listener-url.ts';
import { toTlsPaths } from '../ingress/tls-files.ts';
import { startAdmin } from './admin-process.ts';
import { startChores } from './chores-process.ts';
import { startIngress } from './ingress-process.ts';
import { startMailCatcher, type MailCatcher } from './mail-catcher.ts';
import { createParts } from './parts.ts';
import { startStackDatabase, startStackTemporal } from './stack-servers.ts';
import { writeStackFile, type StackFacts } from './stack-file.ts';
import { takeFolder } from './take-folder.ts';
import { stopTemporalLeftover } from './temporal-server.ts';
import { chooseStackPorts } from './stack-ports.ts';
import { startWarehouse, type Warehouse } from './warehouse-receiver.ts';
import { startWorkerProcess } from './worker-process.ts';

/** Options of `startStack`. */
export interface StackOptions {
  readonly settings: Settings;
  /** Settings that were given, not defaulted: a given port is taken or refused, never moved. */
  readonly given: ReadonlySet<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Told in one line whatever takes longer than a moment. */
  readonly onProgress: (line: string) => void;
  /** Takes any free ports, so that several stacks can run side by side. @default false */
  readonly anyPorts?: boolean;
  /** What Temporal's SDK measures in this process, as text. @default nothing */
  readonly readTemporalMetrics?: () => Promise<string>;
  /** @default traces nothing */
  readonly tracer?: Tracer;
  /** Ends a start that is under way. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  readonly newUuid: () => string;
  readonly random: () => number;
}

/** All of Hookline on this machine. */
export interface Stack extends StackFacts {
  /** Null where the settings name a mail server. */
  readonly mail: MailCatcher | null;
  /** Null where the settings name a warehouse. */
  readonly warehouse: Warehouse | null;
  /** Rejects when a part has ended that nothing can do without. */
  readonly failed: Promise<never>;
  /** Ends everything in order, within 10 s: listener and starter, worker, servers. */
  close(): Promise<void>;
}

/** Who ends first: readiness, then webhooks are no longer taken, then no actions performed; operators may look until the servers end. */
const LEVELS = { folder: 0, servers: 1, admin: 2, worker: 3, ingress: 4, readiness: 5 } as const;

/**
 * Starts everything that the settings do not name elsewhere, and ingress and worker on top. The ingress takes webhooks as
 * soon as PostgreSQL is there; what an earlier start has left behind when it was killed is stopped first. A start that
 * fails leaves nothing behind.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { settings, log, now, tracer = NO_TRACER } = options;
  const giveUp = new AbortController();
  const signal = AbortSignal.any([options.signal, giveUp.signal]);
  const parts = createParts(() => giveUp.abort());
  const meter = createMeter('up');
  const commits = createCommitWatch(now);
  let fail: (reason: unknown) => void = () => {};
  const failed = new Promise<never>((_resolve, reject) => {
    fail = reject;
  });
  let polledBy: EagerConnection | undefined;
  failed.catch(() => undefined); // whoever holds the stack awaits it

  try {
    await parts.add(LEVELS.folder, takeFolder(settings.data));
    await stopTemporalLeftover({ dataDir: join(settings.data, 'temporal'), log }); // before its ports count as taken
    const ports = await chooseStackPorts(options);
    const temporal = await startStackTemporal({ ...options, signal, ports, onFailed: fail });
    const database = parts.add(LEVELS.servers, startStackDatabase({ ...options, onFailed: fail }));
    const temporalServer = parts.add(LEVELS.servers, temporal.starting);
    let publicUrl = toPublicUrl({ ...settings, ingress: { ...settings.ingress, port: ports.ingress } });
    let uiUrl = settings.temporal.uiUrl ?? null;
    void temporalServer.then(
      (server) => (uiUrl ??= server.uiUrl),
      () => undefined, // `ready` tells
    );
    const mail =
      settings.mail.smtp === undefined
        ? parts.add(
            LEVELS.servers,
            startMailCatcher({ dir: join(settings.data, 'mails'), smtpPort: ports.smtp, httpPort: ports.mail, log, now }),
          )
        : null;
    const warehouse = startBuiltInWarehouse(options, ports.warehouse);
    if (warehouse !== null) void parts.add(LEVELS.servers, warehouse).catch(() => undefined); // `ready` tells

    const admin = parts.add(
      LEVELS.admin,
      database.then(({ url }) =>
        startAdmin({
          ...options,
          settings: { admin: { ...settings.admin, port: ports.admin } },
          databaseUrl: url,
          temporal: temporal.target,
          role: 'up',
          api: { settings, uiUrl: () => uiUrl, publicUrl: () => publicUrl, newUuid: options.newUuid },
          meter,
          commits,
        }),
      ),
    );
    const chores = parts.add(
      LEVELS.admin,
      Promise.all([database, mail]).then(([{ url }, catcher]) =>
        startChores({ ...options, databaseUrl: url, smtpUrl: catcher?.smtpUrl, meter }),
      ),
    );
    const readiness = parts.add(
      LEVELS.readiness,
      admin.then(({ drain }) => ({ close: async () => drain() })),
    );
    const ingress = parts.add(
      LEVELS.ingress,
      database.then(({ url }) =>
        startIngress({
          ...options,
          settings: { ...settings, ingress: { ...settings.ingress, port: ports.ingress } },
          databaseUrl: url,
          temporal: temporal.target,
          meter,
          tracer,
          onCommit: commits.note,
          eager: () => polledBy,
        }),
      ),
    );
    const worker = parts.add(
      LEVELS.worker,
      Promise.all([database, mail, warehouse, temporalServer]).then(async ([{ url }, catcher, receiver]) =>
        startWorkerProcess({
          settings,
          databaseUrl: url,
          temporal: temporal.target,
          outside: toOutside(settings, catcher, receiver),
          log,
          meter,
          tracer,
          now,
          signal,
        }),
      ),
    );
    for (const part of [database, temporalServer, mail, admin, chores, readiness, ingress, worker]) part?.catch(() => undefined); // `ready` tells
    await parts.ready();
    (await worker).ended.then(() => fail(new HooklineError('bug.unexpected', { got: 'a worker that has ended by itself' })), fail);

    polledBy = (await worker).connection;

    const { host, tls } = settings.ingress;
    const ingressUrl = toListenerUrl({ host, port: (await ingress).port, tls: toTlsPaths(tls) !== undefined });
    publicUrl = settings.publicUrl ?? ingressUrl;
    const facts: StackFacts = {
      ingressUrl,
      publicUrl,
      adminUrl: (await admin).url,
      databaseUrl: (await database).url,
      temporalAddress: temporal.address,
      temporalNamespace: temporal.namespace,
      temporalUiUrl: settings.temporal.uiUrl ?? (await temporalServer).uiUrl,
      mailUrl: (await mail)?.url ?? null,
      warehouseUrl: (await warehouse)?.url ?? null,
    };
    if (options.readTemporalMetrics !== undefined) (await admin).addMetrics(options.readTemporalMetrics);
    (await admin).started();
    await writeStackFile(settings.data, facts);
    return { ...facts, mail: await mail, warehouse: await warehouse, failed, close: parts.close };
  } catch (error) {
    giveUp.abort();
    await parts.close();
    throw error;
  }
}

function startBuiltInWarehouse({ settings, log, now }: StackOptions, port: number | undefined): Promise<Warehouse> | null {
  const { url, secret } = settings.warehouse;
  return url === undefined && secret !== undefined
    ? startWarehouse({ dir: join(settings.data, 'warehouse'), port, secret, log, now })
    : null;
}

function toOutside(
  settings: Settings,
  mail: MailCatcher | null,
  warehouse: Warehouse | null,
): Parameters<typeof startWorkerProcess>[0]['outside'] {
  const smtpUrl = settings.mail.smtp ?? mail?.smtpUrl;
  const url = settings.warehouse.url ?? warehouse?.ordersUrl;
  const { secret } = settings.warehouse;
  if (smtpUrl === undefined || url === undefined || secret === undefined)
    throw new HooklineError('bug.unexpected', { expected: 'a mail server and a warehouse' });
  return { smtpUrl, warehouse: { url, secret }, allow: warehouse === null ? [] : [new URL(warehouse.ordersUrl).origin] };
}
