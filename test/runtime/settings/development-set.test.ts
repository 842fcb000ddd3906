import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toDeliveryHeaders } from '../../../src/ingress/headers.ts';
import { providers } from '../../../src/providers/catalogue.gen.ts';
import type { ProviderDefinition } from '../../../src/providers/define-provider.ts';
import { DEVELOPMENT_SOURCES, developmentSecrets } from '../../../src/runtime/settings/development-set.ts';
import { secretWeakness } from '../../../src/runtime/settings/secret-weakness.ts';

const known: readonly ProviderDefinition[] = providers;
const NOW = new Date('2026-11-24T12:00:00Z');
/** As the first releases wrote it. */
const OLD = {
  sources: { hookline: 'a'.repeat(64), orders: 'b'.repeat(64), shopify: 'c'.repeat(64) },
  warehouse: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
};

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-secrets-'));
  file = join(folder, 'secrets.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the development set', () => {
  test('has a source for each provider', () => {
    const provided: readonly string[] = Object.values(DEVELOPMENT_SOURCES).map(({ provider }) => provider);
    expect(known.map(({ name }) => name).filter((name) => !provided.includes(name))).toEqual([]);
  });

  test.each(Object.entries(DEVELOPMENT_SOURCES))(
    'has a secret for `%s` that is strong, and signs as its provider verifies',
    (name, { provider }) => {
      const secret = developmentSecrets(folder).sources[name] ?? '';
      const definition = known.find((one) => one.name === provider);
      const body = Buffer.from('{}');
      const headers = definition?.sign({ body, secret, now: NOW }) ?? {};
      expect(secretWeakness(secret)).toBeUndefined();
      expect(
        definition?.verify({ headers: toDeliveryHeaders(Object.entries(headers).flat()), body }, { secrets: [secret], now: NOW }),
      ).toEqual({
        ok: true,
        secretIndex: 0,
      });
    },
  );

  test('writes secrets as their vendors do', () => {
    const { sources } = developmentSecrets(folder);
    expect(sources).toMatchObject({
      clerk: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
      stripe: expect.stringMatching(/^whsec_[0-9a-f]{64}$/),
      github: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(new Set(Object.values(sources)).size).toBe(Object.keys(DEVELOPMENT_SOURCES).length);
  });

  test('is given to an older file, which keeps what it has', () => {
    writeFileSync(file, JSON.stringify(OLD));
    const secrets = developmentSecrets(folder);
    expect(secrets).toMatchObject(OLD);
    expect(Object.keys(secrets.sources).sort()).toEqual(Object.keys(DEVELOPMENT_SOURCES).sort());
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(secrets);
  });

  test('is the same for two processes that find the same older file', () => {
    writeFileSync(file, JSON.stringify(OLD));
    const first = developmentSecrets(folder);
    writeFileSync(file, JSON.stringify(OLD));
    expect(developmentSecrets(folder)).toEqual(first);
    writeFileSync(file, JSON.stringify({ ...OLD, sources: { ...OLD.sources, shopify: 'd'.repeat(64) } }));
    expect(developmentSecrets(folder).sources['stripe']).not.toBe(first.sources['stripe']);
  });
});
