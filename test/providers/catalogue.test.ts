import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { providers } from '../../src/providers/catalogue.gen.ts';
import { defineProviderTests } from '../suites/provider-suite.ts';

for (const provider of providers) defineProviderTests(provider);

it('the catalogue has every file of the folder, under the name of the file', () => {
  const files = readdirSync(new URL('../../src/providers/', import.meta.url)).filter((file) =>
    /^(?!define-)[a-z][a-z0-9-]*\.ts$/.test(file),
  );
  expect(providers.map(({ name }) => `${name}.ts`).toSorted()).toEqual(files.toSorted());
});
