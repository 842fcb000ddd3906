import { isIPv4 } from 'node:net';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { HooklineError } from '../contracts/errors.ts';
import type { Readiness } from './readiness.ts';

/** What the second listener is made of. */
export interface AdminDependencies {
  readonly readiness: Pick<Readiness, 'report'>;
  /** The metrics as text. */
  readonly metrics: () => Promise<string>;
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
  close(): Promise<void>;
}

const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';
const PORTS_TRIED = 50;
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
} as const;

/**
 * Builds the second listener: `GET /healthz` (200 while the process lives), `GET /readyz` (200 or 503, and why) and
 * `GET /metrics`. Loopback only; a request for any other host's name is answered 421, so that no page that a browser has open
 * can read it by a name that it points here (DNS rebinding).
 */
export function createAdminServer({ readiness, metrics }: AdminDependencies): AdminServer {
  const app = Fastify({
    logger: false,
    bodyLimit: 1024,
    requestTimeout: 5_000,
    keepAliveTimeout: 5_000,
    forceCloseConnections: true,
    http: { maxHeaderSize: 8_192, headersTimeout: 5_000 },
  });
  app.server.maxConnections = 100;
  app.removeAllContentTypeParsers();
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    if (!isLoopbackName(request.headers.host ?? '')) return reply.code(421).send();
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send());
  app.setErrorHandler((_error, _request, reply) => reply.code(500).send());

  app.get('/healthz', () => ({ status: 'alive' }));
  app.get('/readyz', (_request, reply) => {
    const report = readiness.report();
    return reply.code(report.ready ? 200 : 503).send(report);
  });
  app.get('/metrics', async (_request, reply) => reply.type(TEXT_FORMAT).send(await metrics()));

  return {
    listen: (at) => listen(app, at),
    close: () => app.close(),
  };
}

async function listen(app: FastifyInstance, { host, port, movable }: AdminAddress): Promise<string> {
  const address = host === 'localhost' ? '127.0.0.1' : host;
  for (let tried = port; ; tried++) {
    try {
      await app.listen({ host: address, port: tried });
      const bound = app.server.address() as AddressInfo; // a TCP listener has no other kind of address
      return `http://${isIPv4(address) ? address : `[${address}]`}:${bound.port}`;
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!isTaken) throw error;
      if (!movable || tried - port >= PORTS_TRIED || tried === 65_535)
        throw new HooklineError('stack.portTaken', { got: `${host}:${tried}`, cause: error });
    }
  }
}

/** `127.0.0.1:8788`, `localhost`, `[::1]:8788`. */
function isLoopbackName(host: string): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?$/i.test(host);
}
