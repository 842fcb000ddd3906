import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv4 } from 'node:net';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HooklineError } from '../contracts/errors.ts';
import type { TlsFiles } from '../ingress/tls-files.ts';
import type { Access } from './access.ts';
import { ApiError } from './api/api-error.ts';
import { mountApi, type ApiOptions } from './api/mount-api.ts';
import { toErrorReply } from './api/to-error-reply.ts';
import type { Readiness } from './readiness.ts';

/** What the second listener is made of. */
export interface AdminDependencies {
  readonly readiness: Pick<Readiness, 'report'>;
  /** The metrics as text. */
  readonly metrics: () => Promise<string>;
  readonly access: Access;
  /** What operators look at and change. @default health and metrics only */
  readonly api?: Omit<ApiOptions, 'access'> | undefined;
  /** Certificate and key. @default plain HTTP */
  readonly https?: Pick<TlsFiles, 'options' | 'follow'> | undefined;
}

/** Where to listen. */
export interface AdminAddress {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Whether one of the next ports will do where this one is taken. */
  readonly movable: boolean;
}

/** The operators' listener. */
export interface AdminServer {
  /** Listens, and gives the address as a URL. Rejects with `stack.portTaken`. */
  listen(at: AdminAddress): Promise<string>;
  /** Asks without a socket: `remoteAddress` tells from where, by default from this machine. */
  readonly inject: FastifyInstance['inject'];
  /** Listens no more, and ends when the requests that are under way have been answered, after 8 s at the latest. */
  close(): Promise<void>;
}

const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';
const PORTS_TRIED = 50;
/** Neither a head nor a handshake may take longer: connections are few, and who holds one must not keep others out. */
const HEAD_MS = 5_000;
const CLOSE_MS = 8_000;
const CLOSE_CHECK_MS = 25;
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
} as const;

/**
 * Builds the second listener: `GET /healthz` (200 while the process lives, for everybody), `GET /readyz` (200 or 503, and why),
 * `GET /metrics`, and the API. Who may use them is for `access` to say; a host that is not ours is answered 421.
 */
export function createAdminServer({ readiness, metrics, access, api, https }: AdminDependencies): AdminServer {
  const app = createApp(https);
  const underWay = watchRequests(app.server);
  app.server.maxConnections = 100;
  app.removeAllContentTypeParsers();
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    if (access.isOwnHost(request) && request.url.startsWith('/')) return; // a request line that names a host is for a proxy
    if (isOfApi(request.url)) throw new ApiError('api.wrongHost', { expected: 'the address of this listener', got: 'another name' });
    return reply.code(421).send();
  });
  app.setNotFoundHandler((request, reply) => {
    if (!isOfApi(request.url)) return reply.code(404).send();
    const { status, body } = toErrorReply(
      new ApiError('api.notFound', { expected: 'a path of the API', got: 'another', fix: 'see `docs/openapi.json`' }),
    );
    return reply.code(status).send(body);
  });
  app.setErrorHandler((error, _request, reply) => {
    const { status, body, isBug } = toErrorReply(error);
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    return isBug ? reply.code(500).send() : reply.code(status).send(body);
  });

  const onRequest = async (request: FastifyRequest): Promise<void> => void (await access.identify(request, { believing: true }));
  app.get('/healthz', () => ({ status: 'alive' }));
  app.get('/readyz', { onRequest }, (_request, reply) => {
    const report = readiness.report();
    return reply.code(report.ready ? 200 : 503).send(report);
  });
  app.get('/metrics', { onRequest }, async (_request, reply) => reply.type(TEXT_FORMAT).send(await metrics()));
  if (api !== undefined) mountApi(app, { ...api, access });

  return {
    listen: (at) => listen(app, { ...at, scheme: https === undefined ? 'http' : 'https' }),
    inject: app.inject.bind(app) as FastifyInstance['inject'], // `bind` keeps one of its overloads
    close: () => close(app, underWay),
  };
}

async function listen(
  app: FastifyInstance,
  { host, port, movable, scheme }: AdminAddress & { readonly scheme: 'http' | 'https' },
): Promise<string> {
  const address = host === 'localhost' ? '127.0.0.1' : host;
  for (let tried = port; ; tried++) {
    try {
      await app.listen({ host: address, port: tried });
      const bound = app.server.address() as AddressInfo; // a TCP listener has no other kind of address
      return `${scheme}://${isIPv4(address) ? address : `[${address}]`}:${bound.port}`;
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!isTaken) throw error;
      if (!movable || tried - port >= PORTS_TRIED || tried === 65_535)
        throw new HooklineError('stack.portTaken', { got: `${host}:${tried}`, cause: error });
    }
  }
}

/** The requests that have no answer yet. */
function watchRequests(server: FastifyInstance['server']): ReadonlySet<ServerResponse> {
  const underWay = new Set<ServerResponse>();
  server.on('request', (_request: IncomingMessage, response: ServerResponse) => {
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
  });
  return underWay;
}

/** Node by itself waits for connections that never said anything, too. */
async function close(app: FastifyInstance, underWay: ReadonlySet<ServerResponse>): Promise<void> {
  const until = performance.now() + CLOSE_MS;
  const closed = app.close();
  const timer = setInterval(() => {
    if (underWay.size === 0 || performance.now() > until) app.server.closeAllConnections();
  }, CLOSE_CHECK_MS);
  await closed.finally(() => clearInterval(timer));
}

/** Every answer below it is JSON. */
function isOfApi(url: string): boolean {
  return /^\/api(?:[/?]|$)/.test(url);
}

/** A path that cannot be decoded, or a name that is too long: Fastify would quote it. */
function answerBadPath({ statusCode = 400 }: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const { body } = toErrorReply(new ApiError('api.badRequest', { expected: 'a path of the API', got: 'one that cannot be read' }));
  void reply.headers(HEADERS).code(statusCode).send(body);
}

function createApp(https: AdminDependencies['https']): FastifyInstance {
  const options = {
    logger: false,
    bodyLimit: 1024,
    requestTimeout: 5_000,
    keepAliveTimeout: 5_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 2_048 },
    frameworkErrors: answerBadPath,
    http: { maxHeaderSize: 8_192, headersTimeout: HEAD_MS, connectionsCheckingInterval: 1_000 },
  } as const;
  if (https === undefined) return Fastify(options);
  const { http, ...others } = options;
  const app = Fastify({ ...others, https: { ...http, ...https.options, handshakeTimeout: HEAD_MS } });
  https.follow(app.server);
  return app as unknown as FastifyInstance; // differs in the type of its raw server alone, which nobody here looks at
}
