import { METHODS } from 'node:http';

import Fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { ClientErrorHandler } from './client-error.ts';
import type { IngressLimits } from './limits.ts';

const NO_QUERY = Object.freeze({});

/**
 * Builds a Fastify instance that hands every body over as the bytes that came, answers nothing by itself, knows every HTTP
 * method (so that an odd one is 405 and not 404), and has the limits set that Node and Fastify leave open: by default
 * Fastify switches Node's only limit on a whole request off. HTTP/1.1 only; TLS and HTTP/2 end at the proxy.
 */
export function createHttpServer({
  limits,
  onClientError,
  onBadUrl,
}: {
  readonly limits: IngressLimits;
  readonly onClientError: ClientErrorHandler;
  /** Answers a path that cannot be decoded, or a name too long to be a source's. */
  readonly onBadUrl: (request: FastifyRequest, reply: FastifyReply) => void;
}): FastifyInstance {
  const app = Fastify({
    logger: false,
    trustProxy: false,
    exposeHeadRoutes: false,
    return503OnClosing: false, // a request in flight at the end is served; the replies close their connections
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxRequestsPerSocket: limits.requestsPerSocket,
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: limits.connectionsCheckMs,
      requireHostHeader: false, // ours to answer: with a body, and with a row
      insecureHTTPParser: false,
    },
    routerOptions: { maxParamLength: 64, querystringParser: () => NO_QUERY },
    clientErrorHandler: onClientError,
    frameworkErrors: (_error, request, reply) => onBadUrl(request, reply),
  });
  app.server.maxHeadersCount = limits.headerCount;
  app.server.maxConnections = limits.connections;
  for (const method of METHODS) if (method !== 'CONNECT' && !app.supportedMethods.includes(method)) app.addHttpMethod(method);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  return app;
}
