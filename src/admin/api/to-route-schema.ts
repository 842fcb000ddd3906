import type { FastifySchema } from 'fastify';
import type { z } from 'zod';
import { bytes, noBody, type Route } from './define-route.ts';
import { errorView } from './views/error-view.ts';

/** What a route takes and gives, as Fastify and the OpenAPI document take it. */
export function toRouteSchema({ name, summary, role, payloads, params, query, body, reply }: Route): FastifySchema {
  const [resource = ''] = name.split('.');
  const right = payloads ? ', and the right to payloads' : '';
  const [type, said] = reply === bytes ? ['application/octet-stream', 'The bytes.'] : ['application/json', 'What was asked for.'];
  const documented = { operationId: name, tags: [resource], summary, description: `Needs the role \`${role}\`${right}.` };
  return {
    ...documented,
    params,
    querystring: query,
    ...(body === noBody ? {} : { body }),
    response: {
      200: toAnswer(said, type, reply),
      '4xx': toAnswer('Refused, for the reason in `code`.', 'application/json', errorView),
      '5xx': toAnswer('Ours to mend, or a server that is down.', 'application/json', errorView),
    },
  };
}

function toAnswer(description: string, type: string, schema: z.ZodType): object {
  return { description, content: { [type]: { schema } } };
}
