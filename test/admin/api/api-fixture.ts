import { randomBytes } from 'node:crypto';
import type { InjectOptions } from 'fastify';
import { createAccess } from '../../../src/admin/access.ts';
import { allRoutes } from '../../../src/admin/api/all-routes.ts';
import { toOpenApiDocument } from '../../../src/admin/api/open-api.ts';
import { makeToken, toTokenHash } from '../../../src/admin/make-token.ts';
import { createAdminServer, type AdminServer } from '../../../src/admin/server.ts';
import { createUuidV7 } from '../../../src/contracts/ids.ts';
import type { Log } from '../../../src/contracts/names.ts';
import type { Source } from '../../../src/contracts/webhook.ts';
import type { Pool } from '../../../src/store/pool.ts';
import { createInbox } from '../../../src/store/inbox.ts';
import { createStore, type Store } from '../../../src/store/store.ts';
import { addToken, findToken, type TokenRights } from '../../../src/store/tokens.ts';
import { createDatabase, type TestDatabase } from '../../support/database.ts';
import { silentLog } from '../../support/silent-log.ts';
import { makeDelivery, type DeliveryWish } from '../../store/make-delivery.ts';

/** A secret of every source: no answer may hold it. */
export const SOURCE_SECRET = '5e1f0c52b9a84e3fa6c1d20b5e87f493aa';
/** Words of payloads: none may come to who may not read them. */
export const PAYLOAD_WORD = 'ada-lovelace-of-the-payload';

export const PROXY = '10.0.0.7';
export const STRANGER = '203.0.113.9';

/** What an answer was. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Of an answer that is JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** How a request comes. */
export interface Ask {
  readonly method?: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly token?: string | undefined;
  /** From where. @default this machine */
  readonly from?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The API on a database of its own. */
export interface ApiFixture {
  readonly database: TestDatabase;
  readonly store: Store;
  readonly server: AdminServer;
  readonly logged: string[];
  ask(url: string, wish?: Ask): Promise<Answer>;
  /** Makes a token. */
  token(rights: Omit<TokenRights, 'name'>): Promise<string>;
  /** Takes a delivery, and resolves to its event's UUID. */
  take(wish: DeliveryWish): Promise<string>;
  /** How many audit rows there are. */
  audited(): Promise<number>;
  close(): Promise<void>;
}

/** Starts it; nothing listens. */
export async function startApi({
  auth = 'remote',
  encrypted = false,
}: {
  readonly auth?: 'remote' | 'always';
  readonly encrypted?: boolean;
} = {}): Promise<ApiFixture> {
  const database = await createDatabase();
  const { pool } = database;
  const store = createStore({ pool });
  const logged: string[] = [];
  const log: Log = { ...silentLog, error: (fields, message) => void logged.push(`${message} ${JSON.stringify(fields)}`) };
  const server = createServer({ pool, store, log, auth, encrypted });
  return {
    database,
    store,
    server,
    logged,
    ask: (url, wish) => inject(server, url, wish),
    async token(rights) {
      const token = makeToken(randomBytes);
      const sha256 = toTokenHash(token) ?? Buffer.alloc(0);
      await addToken(database.pool, { ...rights, name: `t-${randomBytes(6).toString('hex')}`, sha256 });
      return token;
    },
    async take(wish) {
      const inbox = createInbox({ pool: database.pool, log: silentLog });
      const [outcome] = await inbox.add(makeDelivery(wish));
      await inbox.close();
      return outcome?.eventUuid ?? '';
    },
    async audited() {
      const { rows } = await database.pool.query<{ readonly count: number }>({
        name: 'test.audit',
        text: 'SELECT count(*)::int AS count FROM audit',
      });
      return rows[0]?.count ?? -1;
    },
    async close() {
      await server.close();
      await database.close();
    },
  };
}

const source = (name: string): Source => ({ name, provider: 'hookline', secrets: [SOURCE_SECRET], options: {} });

function createServer({
  pool,
  store,
  log,
  auth,
  encrypted,
}: {
  readonly pool: Pool;
  readonly store: Store;
  readonly log: Log;
  readonly auth: 'remote' | 'always';
  readonly encrypted: boolean;
}): AdminServer {
  const now = (): Date => new Date();
  return createAdminServer({
    readiness: {
      report: () => ({ ready: true, role: 'admin', phase: 'serving', postgres: { up: true }, temporal: { up: true }, notes: [] }),
    },
    metrics: async () => 'a 1\n',
    access: createAccess({ trustProxy: [`${PROXY}/32`], auth, encrypted, findToken: (sha256) => findToken(pool, sha256), now }),
    api: {
      routes: allRoutes,
      context: {
        store,
        sources: [source('shop'), source('erp')],
        publicUrl: () => 'https://hooks.example',
        linkTo: ({ workflowId }) => `http://ui.example/${workflowId}`,
        now,
        newUuid: createUuidV7(),
        randomBytes,
        log,
      },
      document: () => toOpenApiDocument(allRoutes),
    },
  });
}

async function inject(
  server: AdminServer,
  url: string,
  { method = 'GET', body, token, from = '127.0.0.1', headers = {} }: Ask = {},
): Promise<Answer> {
  const wish: InjectOptions = {
    method,
    url,
    remoteAddress: from,
    headers: {
      host: '127.0.0.1:8788',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  };
  const answer = await server.inject(wish);
  const isJson = String(answer.headers['content-type'] ?? '').startsWith('application/json');
  return {
    status: answer.statusCode,
    body: answer.body,
    headers: answer.headers,
    json: isJson ? (JSON.parse(answer.body) as Answer['json']) : {},
  };
}
