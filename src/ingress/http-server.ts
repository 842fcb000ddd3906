import { METHODS } from 'node:http';

import Fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { acceptAll } from './accept-all.ts';
import type { ClientErrorHandler } from './client-error.ts';
import type { IngressLimits } from './limits.ts';
import type { TlsFiles } from './tls-files.ts';

const NO_QUERY = Object.freeze({});

/**
 * Builds a Fastify instance that hands every body over as the bytes that came, answers nothing by itself, knows every HTTP
 * method (so that an odd one is 405 and not 404), and has the limits set that Node and Fastify leave open: by default
 * Fastify switches Node's only limit on a whole request off. HTTP/1.1 only, also under TLS, where a handshake has the time of a
 * head; one that fails closes its connection without a word, since Node would have it answered in the clear.
 */
export function createHttpServer({
  limits,
  tls,
  onClientError,
  onHandshakeError,
  onBadUrl,
}: {
  readonly limits: IngressLimits;
  /** @default plain HTTP */
  readonly tls?: Pick<TlsFiles, 'options' | 'follow'> | undefined;
  readonly onClientError: ClientErrorHandler;
  /** Told of each handshake that has failed; its connection is closed. */
  readonly onHandshakeError: (error: Error & { readonly code?: string }) => void;
  /** Answers a path that cannot be decoded, or a name too long to be a source's. */
  readonly onBadUrl: (request: FastifyRequest, reply: FastifyReply) => void;
}): FastifyInstance {
  const http = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersTimeoutMs,
    connectionsCheckingInterval: limits.connectionsCheckMs,
    requireHostHeader: false, // ours to answer: with a body, and with a row
    insecureHTTPParser: false,
  };
  const common = {
    logger: false,
    trustProxy: false,
    exposeHeadRoutes: false,
    return503OnClosing: false, // a request in flight at the end is served; the replies close their connections
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxRequestsPerSocket: limits.requestsPerSocket,
    routerOptions: { maxParamLength: 64, querystringParser: () => NO_QUERY },
    clientErrorHandler: onClientError,
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => onBadUrl(request, reply),
  };
  const app = tls === undefined ? Fastify({ ...common, http }) : createSecured(tls);
  app.server.maxHeadersCount = limits.headerCount;
  // Node would answer 417 by itself, and nobody would hear of the delivery; an expectation may be ignored (RFC 9110, 10.1.1)
  app.server.on('checkExpectation', (request, response) => void app.server.emit('request', request, response));
  for (const method of METHODS) if (method !== 'CONNECT' && !app.supportedMethods.includes(method)) app.addHttpMethod(method);
  app.addHook('preClose', (done) => acceptAll(app.server, done)); // Fastify closes the listener in the same turn
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  return app;

  function createSecured({ options, follow }: NonNullable<typeof tls>): FastifyInstance {
    const secured = Fastify({ ...common, https: { ...http, ...options, handshakeTimeout: limits.headersTimeoutMs } });
    const { server } = secured;
    server.removeAllListeners('tlsClientError'); // Node's own, which hands them to `clientError`
    server.on('tlsClientError', (error, socket) => {
      socket.destroy();
      onHandshakeError(error);
    });
    follow(server);
    return secured as unknown as FastifyInstance; // an `https.Server` is an `http.Server` in all that we use: only Fastify's types keep them apart
  }
}
