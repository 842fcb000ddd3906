import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Route } from './define-route.ts';
import { toRouteSchema } from './to-route-schema.ts';

type Config = NonNullable<Parameters<typeof createJsonSchemaTransform>[0]['zodToJsonConfig']>;

const CONFIG: Config = {
  override({ zodSchema, jsonSchema }) {
    const { def } = zodSchema._zod;
    delete jsonSchema.readOnly; // that is how our types are, and nothing that a client could do otherwise
    if (def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
    if (def.type === 'object' && def.catchall === undefined) delete jsonSchema.additionalProperties; // an answer may say more one day
    if (jsonSchema.format === 'date-time') delete jsonSchema.pattern; // says the same, for nobody to read
  },
};

/** The OpenAPI 3.1 document of routes: the same routes give the same document. Nothing is served and nothing is connected to. */
export async function toOpenApiDocument(routes: readonly Route[]): Promise<object> {
  const app = Fastify({ logger: false, exposeHeadRoutes: false });
  try {
    app.setValidatorCompiler(() => () => true);
    app.setSerializerCompiler(() => () => '');
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: 'Hookline admin API',
          version: '1',
          description:
            'For operators. From the machine itself nobody needs a token, unless `admin.auth` says so; from elsewhere one of `hookline token`. Lists are pages, the newest first: `next` is the `cursor` of the following one.',
          license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
        },
        servers: [{ url: 'http://127.0.0.1:8788' }],
        security: [{ token: [] }, {}],
        components: { securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'Of `hookline token add`.' } } },
      },
      transform: createJsonSchemaTransform({ zodToJsonConfig: CONFIG }),
      transformObject: createJsonSchemaTransformObject({ zodToJsonConfig: CONFIG }),
    });
    for (const route of routes)
      app.route({ method: route.method, url: route.url, schema: toRouteSchema(route), handler: async () => undefined });
    await app.ready();
    return withoutUnused(app.swagger());
  } finally {
    await app.close();
  }
}

/** Each of our views would be there twice: as what is taken, which none is, and as what is given. */
function withoutUnused(document: ReturnType<FastifyInstance['swagger']>): object {
  if (typeof document === 'string' || !('components' in document)) return {}; // it was not asked for as YAML, and it has components
  const text = JSON.stringify(document);
  const schemas = Object.entries(document.components?.schemas ?? {}).filter(([name]) => text.includes(`"#/components/schemas/${name}"`));
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(schemas) } };
}
