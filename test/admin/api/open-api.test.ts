import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { allRoutes } from '../../../src/admin/api/all-routes.ts';
import { toOpenApiDocument } from '../../../src/admin/api/open-api.ts';
import { bytes, noBody } from '../../../src/admin/api/define-route.ts';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: object }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>>; readonly securitySchemes: object };
}

let document: Document;
beforeAll(async () => {
  document = JSON.parse(JSON.stringify(await toOpenApiDocument(allRoutes))) as Document; // its form is what is tested
});

const operations = (): readonly (readonly [path: string, method: string, operation: Operation])[] =>
  Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, one]) => [path, method, one] as const));

test('is that of `docs/openapi.json`, and the same each time', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../docs/openapi.json'), 'utf8');
  expect(JSON.parse(page)).toEqual(document);
  expect(JSON.stringify(await toOpenApiDocument(allRoutes))).toBe(JSON.stringify(await toOpenApiDocument(allRoutes)));
});

test('names every route of the table, and no other', () => {
  expect(document.openapi).toBe('3.1.0');
  const served = allRoutes.map(({ method, url, name }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')} ${name}`);
  expect(
    operations()
      .map(([path, method, { operationId }]) => `${method.toUpperCase()} ${path} ${operationId}`)
      .sort(),
  ).toEqual(served.sort());
});

describe('every operation', () => {
  test('declares each parameter of its path', () => {
    for (const [path, , { parameters = [] }] of operations()) {
      const inPath = parameters.filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => `{${name}}`).sort()).toEqual((path.match(/\{\w+\}/g) ?? []).sort());
      expect(inPath.every(({ required }) => required)).toBe(true);
    }
  });

  test('says in a sentence what it does and which role it needs, and how it answers', () => {
    for (const [, , { operationId, summary, description, tags, responses }] of operations()) {
      const route = allRoutes.find(({ name }) => name === operationId);
      expect(summary).toMatch(/^[A-Z].*\.$/);
      expect(description).toContain(`\`${String(route?.role)}\``);
      expect(tags).toEqual([operationId.split('.')[0]]);
      expect(Object.keys(responses)).toEqual(['200', '4XX', '5XX']);
      expect(Object.keys(responses['200']?.content ?? {})).toEqual([
        route?.reply === bytes ? 'application/octet-stream' : 'application/json',
      ]);
    }
  });

  test('has a body exactly where its route takes one, as JSON', () => {
    for (const [, , { operationId, requestBody }] of operations()) {
      const route = allRoutes.find(({ name }) => name === operationId);
      expect(Object.keys(requestBody?.content ?? {})).toEqual(route?.body === noBody ? [] : ['application/json']);
    }
  });
});

test('refers to nothing that is not there, and holds no schema that nothing refers to', () => {
  const text = JSON.stringify(document);
  const referred = new Set([...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name));
  expect([...referred].toSorted()).toEqual(Object.keys(document.components.schemas).toSorted());
  expect(text).not.toContain('"readOnly"');
});
