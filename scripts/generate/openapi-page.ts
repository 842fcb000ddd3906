import type { Output } from './catalogues.ts';

/**
 * `docs/openapi.json`: the admin API, as its schemas have it. The code is loaded only when this is called, since it takes the catalogues:
 * they must have been written before.
 */
export async function toOpenApiPage(): Promise<Output> {
  const [{ allRoutes }, { toOpenApiDocument }] = await Promise.all([
    import('../../src/admin/api/all-routes.ts'),
    import('../../src/admin/api/open-api.ts'),
  ]);
  return { path: 'docs/openapi.json', text: `${JSON.stringify(await toOpenApiDocument(allRoutes), undefined, 2)}\n` };
}
