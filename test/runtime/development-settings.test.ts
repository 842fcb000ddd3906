import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { problemsOf, settingsOf, useSettingsFolder } from '../support/settings-folder.ts';

const STRONG = '9f2c1b7e4a6d8035c1e9f7a2b4d60813';

const folder = useSettingsFolder();
const { load } = folder;

describe('loadSettings without a file', () => {
  test('gives development a set of sources with random secrets that stay', () => {
    const first = settingsOf(load(undefined));
    expect(Object.keys(first.sources)).toEqual(['clerk', 'github', 'hookline', 'orders', 'shopify', 'stripe', 'zendesk']);
    expect(first.sources['orders']).toMatchObject({ provider: 'hookline', type: { value: 'order.created' } });
    expect(first.sources['shopify']?.secrets).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(first.warehouse.secret).toMatch(/^whsec_/);
    expect(first.ingress).toMatchObject({ host: '127.0.0.1', port: 8787 });
    expect(first.mail.smtp).toBeUndefined();
    expect(first.data).toBe(join(folder.path(), '.hookline'));
    expect(settingsOf(load(undefined))).toEqual(first);
  });

  test('keeps the development secrets where only their owner can read them', () => {
    load(undefined);
    expect(statSync(join(folder.path(), '.hookline/secrets.json')).mode & 0o777).toBe(0o600);
  });

  test('adds what an older file of development secrets lacks, and keeps what it has', () => {
    mkdirSync(join(folder.path(), '.hookline'));
    writeFileSync(join(folder.path(), '.hookline/secrets.json'), JSON.stringify({ sources: { shopify: STRONG, orders: '' } }));
    const settings = settingsOf(load(undefined));
    expect(settings.sources['shopify']?.secrets).toEqual([STRONG]);
    expect(settings.sources['orders']?.secrets).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(JSON.parse(readFileSync(join(folder.path(), '.hookline/secrets.json'), 'utf8'))).toMatchObject({ sources: { shopify: STRONG } });
  });

  test('reports a broken file of development secrets', () => {
    mkdirSync(join(folder.path(), '.hookline'));
    writeFileSync(join(folder.path(), '.hookline/secrets.json'), '{');
    expect(problemsOf(load(undefined))).toEqual([
      `settings.unreadable: expected the development secrets, in a data folder that can be written, got something that is no JSON object, in ${join(folder.path(), '.hookline/secrets.json')}
  fix: give another folder with \`--data\`, or delete the file: new secrets are made`,
    ]);
  });

  test('refuses production', () => {
    expect(problemsOf(load(undefined, { mode: 'production' }))).toEqual([
      `settings.unreadable: expected a settings file, named by \`--config\` or \`hookline.yaml\` in the working directory, got none, in the working directory
  fix: write one: see \`docs/settings.md\``,
    ]);
  });
});
