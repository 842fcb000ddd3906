import { createAccess } from '../../admin/access.ts';
import { toPrintableLines } from '../../admin/printable.ts';
import { createReadiness } from '../../admin/readiness.ts';
import { createAdminServer } from '../../admin/server.ts';
import type { Log } from '../../contracts/names.ts';
import type { ReadPendingSteps } from '../../admin/why/pending-steps.ts';
import { createApi } from '../../runtime/create-api.ts';
import type { TemporalClient } from '../../runtime/temporal-client.ts';
import { quietLog } from '../quiet-log.ts';
import { world } from '../world.ts';
import type { Workplace } from '../workplace.ts';
import type { Send } from './api-client.ts';

/** The API in this process. */
export interface InProcessApi {
  readonly send: Send;
  close(): Promise<void>;
}

/** Opens the very same API over a database, without a listener: whoever can open the database may do everything. */
export function openInProcess({
  settings,
  stack,
  databaseUrl,
  operator,
}: Workplace & { readonly databaseUrl: string; readonly operator: string }): InProcessApi {
  const { now, newUuid } = world;
  const temporal = createPendingAsker({ settings, stack });
  const api = createApi({
    settings,
    databaseUrl,
    namespace: stack?.temporalNamespace ?? settings.temporal.namespace ?? process.env['TEMPORAL_NAMESPACE'] ?? 'default',
    uiUrl: () => stack?.temporalUiUrl ?? settings.temporal.uiUrl ?? null,
    ...(stack === null ? {} : { publicUrl: () => stack.publicUrl }),
    pendingSteps: temporal.pendingSteps,
    log: loudLog,
    now,
    newUuid,
  });
  const up = { downSince: () => null };
  const server = createAdminServer({
    readiness: createReadiness({ role: 'admin', servers: { postgres: up, temporal: up } }),
    metrics: async () => '',
    access: createAccess({ trustProxy: [], auth: 'remote', encrypted: false, findToken: async () => undefined, now }),
    api: api.options,
  });
  return {
    async send({ method, path, body }) {
      const headers = { host: 'localhost', 'x-hookline-operator': operator };
      const answer = await server.inject({
        method,
        url: path,
        remoteAddress: '127.0.0.1',
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { payload: body }),
      });
      return { status: answer.statusCode, body: answer.rawPayload };
    },
    async close() {
      await server.close();
      await Promise.all([api.close(), temporal.close()]);
    },
  };
}

/** Reaches Temporal where it is asked only: it takes half a second to load. */
function createPendingAsker({ settings, stack }: Pick<Workplace, 'settings' | 'stack'>): {
  readonly pendingSteps: ReadPendingSteps;
  close(): Promise<void>;
} {
  let client: TemporalClient | undefined;
  return {
    async pendingSteps(run) {
      const { createTemporalClient } = await import('../../runtime/temporal-client.ts');
      const { toTemporalTarget } = await import('../../runtime/stack-servers.ts');
      const { createReadPendingSteps } = await import('../../runtime/read-pending-steps.ts');
      try {
        client ??= createTemporalClient(
          stack === null ? toTemporalTarget(settings, process.env) : { address: stack.temporalAddress, namespace: stack.temporalNamespace },
        );
      } catch {
        return null; // credentials that cannot be read: `doctor` tells them
      }
      return createReadPendingSteps({ ...client, now: world.now })(run);
    },
    close: async () => client?.close(),
  };
}

/** Nobody else keeps what the API logs of its own faults. */
const loudLog: Log = {
  ...quietLog,
  error: ({ err }, message) => console.error(toPrintableLines(`${message}: ${JSON.stringify(err, undefined, 2)}`)),
};
