import type { InboxDelivery } from '../../src/contracts/inbox.ts';
import { createUuidV7 } from '../../src/contracts/ids.ts';
import type { Log } from '../../src/contracts/names.ts';
import { events } from '../../src/events/catalogue.gen.ts';
import { createInterpreter } from '../../src/ingress/interpret.ts';
import type { DeliveryInbox } from '../../src/ingress/receive.ts';
import type { RefusalRecords } from '../../src/ingress/refuse.ts';
import { createIngress } from '../../src/ingress/server.ts';
import { providers } from '../../src/providers/catalogue.gen.ts';
import { createInbox } from '../../src/store/inbox.ts';
import { createPool } from '../../src/store/pool.ts';
import { createRefusals } from '../../src/store/refusals.ts';
import { chains } from '../../src/workflows/catalogue.gen.ts';
import type { EdgeOptions, EdgeReport, FromEdge, ToEdge } from './edge-messages.ts';
import { SOURCES } from './edge-sources.ts';
import { signedKeysOf } from './signed-content.ts';

// The attacked process: the public listener with its real pipeline, and what it has taken and how it felt, told to its parent.

const LOOK_MS = 5;
const MOST_ERRORS = 20;

let taken: (readonly string[])[] = [];
let errors: string[] = [];
let worstDelayMs = 0;
let lookedAt = performance.now();
let usedAtLook = threadCpuMs();
let open = 0;

process.on('message', (message: ToEdge) => {
  if (message.kind === 'start') void start(message.options);
  else if (message.kind === 'report') tell({ kind: 'report', report: report() });
  else process.exit(0);
});
process.on('disconnect', () => process.exit(0));
setInterval(look, LOOK_MS);

/** Of the clock and the thread's own processor time the smaller counts: while others have the processor nobody is to blame here. */
function look(): void {
  const [at, used] = [performance.now(), threadCpuMs()];
  worstDelayMs = Math.max(worstDelayMs, Math.min(at - lookedAt - LOOK_MS, used - usedAtLook));
  [lookedAt, usedAtLook] = [at, used];
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

async function start({ databaseUrl, connections, timeoutMs, mutant }: EdgeOptions): Promise<void> {
  const log: Log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (fields, message) => note(`${message}: ${fields.cause ?? ''} ${sayError(fields.err)}`),
  };
  const { inbox, refusals } = databaseUrl === undefined ? inMemory() : inDatabase(databaseUrl, log);
  const ingress = createIngress({
    sources: mutant === 'unlisted' ? SOURCES.map(({ allow: _allow, ...source }) => source) : SOURCES,
    trustProxy: ['127.0.0.1'],
    providers:
      mutant === 'unverified'
        ? providers.map((provider) => ({ ...provider, verify: () => ({ ok: true, secretIndex: 0 }) as const }))
        : providers,
    interpret: createInterpreter({ providers, events, chains }),
    inbox: { add: (delivery) => (taken.push(signedKeysOf(toClaim(delivery))), inbox.add(delivery)) },
    refusals,
    starter: { nudge: () => {} },
    limits: {
      ...(connections === undefined ? {} : { connections }),
      ...(timeoutMs === undefined ? {} : { headersTimeoutMs: timeoutMs, requestTimeoutMs: timeoutMs, connectionsCheckMs: 50 }),
    },
    log,
    now: () => new Date(),
    newUuid: createUuidV7(),
  });
  ingress.server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => (open -= 1));
  });
  tell({ kind: 'ready', ...(await ingress.listen({ host: '127.0.0.1', port: 0 })) });
}

function inDatabase(url: string, log: Log): { readonly inbox: DeliveryInbox; readonly refusals: RefusalRecords } {
  const pool = (max: number) => createPool({ url, max, applicationName: 'hookline-fuzz', log });
  return { inbox: createInbox({ pool: pool(2), log }), refusals: createRefusals({ pool: pool(1), log, now: () => new Date() }) };
}

function inMemory(): { readonly inbox: DeliveryInbox; readonly refusals: RefusalRecords } {
  const add = async ({ events: made }: InboxDelivery) =>
    made.map(({ eventId, uuid, state }) => {
      const outcome = state === 'routed' ? 'accepted' : state;
      return { eventId, eventUuid: uuid, outcome, repairing: false, bodyDiffers: false, stopped: false } as const;
    });
  return { inbox: { add }, refusals: { record: () => {}, recordVerified: async () => {} } };
}

function toClaim({ source, provider, headers, body }: InboxDelivery): Parameters<typeof signedKeysOf>[0] {
  return { source, provider, lines: headers, body };
}

function report(): EdgeReport {
  look();
  const told = {
    taken,
    errors,
    worstDelayMs,
    rssMb: Math.round(process.memoryUsage.rss() / 1024 / 1024),
    openConnections: open,
    polluted: 'polluted' in {},
  };
  [taken, errors, worstDelayMs] = [[], [], 0];
  return told;
}

function note(text: string): void {
  if (errors.length < MOST_ERRORS) errors.push(text);
}

function sayError(error: unknown): string {
  return error instanceof Error ? `${error.name} ${error.message}` : JSON.stringify(error ?? null);
}

function tell(message: FromEdge): void {
  process.send?.(message);
}
