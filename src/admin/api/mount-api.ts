import type { FastifyInstance, FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { toSafeError } from '../../ingress/safe-error.ts';
import type { TokenRole } from '../../store/tokens.ts';
import type { Access } from '../access.ts';
import type { ApiContext, Caller } from './api-context.ts';
import { ApiError } from './api-error.ts';
import { requireOwnOrigin } from './require-own-origin.ts';
import { bytes, type Route } from './define-route.ts';
import { toRouteSchema } from './to-route-schema.ts';
import { toErrorReply } from './to-error-reply.ts';

/** What is served, to whom, and on what. */
export interface ApiOptions {
  readonly routes: readonly Route[];
  readonly access: Access;
  readonly context: ApiContext;
  /** The OpenAPI document of the routes. */
  readonly document: () => Promise<object>;
}

const BODY_BYTES = 64 * 1024;
const RANKS: Readonly<Record<TokenRole, number>> = { viewer: 0, operator: 1, admin: 2 };

/**
 * Puts the routes on a server, and `/api/openapi.json`. Who asks is judged before a body is read; what is asked for is parsed by the
 * route's schemas, and what is answered is nothing but what they name.
 */
export function mountApi(app: FastifyInstance, { routes, access, context, document }: ApiOptions): void {
  const callers = new WeakMap<FastifyRequest, Caller>();
  void app.register(async (api) => {
    api.setValidatorCompiler(validatorCompiler);
    api.setSerializerCompiler(serializerCompiler);
    api.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: BODY_BYTES }, api.getDefaultJsonParser('error', 'error'));
    api.setErrorHandler(async (error, request, reply) => {
      const { status, body, isBug } = toErrorReply(error);
      const route = `${request.method} ${request.routeOptions.url ?? ''}`;
      if (isBug)
        context.log.error(
          { component: 'api', code: 'bug.unexpected', url: route, err: toSafeError(error) },
          'a request of an operator has failed',
        );
      if (status === 401) void reply.header('www-authenticate', 'Bearer');
      return reply.code(status).send(body);
    });

    for (const route of routes) {
      api.route({
        method: route.method,
        url: route.url,
        schema: toRouteSchema(route),
        bodyLimit: BODY_BYTES,
        async onRequest(request) {
          if (route.method !== 'GET') requireOwnOrigin(request);
          const caller = await access.identify(request);
          requireRights(route, caller);
          callers.set(request, caller);
        },
        async handler(request, reply) {
          const caller = callers.get(request);
          if (caller === undefined) throw new ApiError('bug.unexpected', { expected: 'a caller' });
          const { params, query, body } = request;
          // parsed by this very route's schemas
          const answer = await route.handle({ params, query, body, caller, context } as Parameters<Route['handle']>[0]);
          if (route.reply === bytes) void reply.type('application/octet-stream').header('content-disposition', 'attachment');
          return reply.send(answer);
        },
      });
    }

    api.get('/api/openapi.json', { onRequest: async (request) => void (await access.identify(request)) }, async (_request, reply) =>
      reply.type('application/json; charset=utf-8').send(JSON.stringify(await document())),
    );
  });
}

function requireRights({ role, payloads }: Route, caller: Caller): void {
  if (RANKS[caller.role] < RANKS[role])
    throw new ApiError('api.forbidden', { expected: `the role \`${role}\``, got: `\`${caller.role}\`` });
  if (payloads && !caller.payloads) throw new ApiError('api.forbidden', { expected: 'the right to payloads', got: 'a token without it' });
}
