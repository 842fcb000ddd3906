import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentOf, readComposeServices, stopMsOf, toProcesses, versionOf } from '../../scripts/topology/compose.ts';
import { DIFFERENCES } from '../../scripts/topology/differences.ts';
import { makeEnvironment, toSourceSecrets, withoutOurs } from '../../scripts/topology/environment.ts';
import { toProxyConfig } from '../../scripts/topology/proxy.ts';
import { toSettingsFile } from '../../scripts/topology/settings-file.ts';
import { substitute } from '../../scripts/topology/substitute.ts';
import { loadSettings } from '../../src/runtime/load-settings.ts';
import { toSources } from '../../src/contracts/settings.ts';
import { ROOT, textOf } from './compose-file.ts';

const services = readComposeServices();
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-topology-test-'));
});
afterAll(() => rm(folder, { recursive: true }));

const environment = (): ReadonlyMap<string, string> =>
  makeEnvironment({ folder, outside: { smtpUrl: 'smtp://127.0.0.1:2525', warehouseUrl: 'http://127.0.0.1:9999/orders' } });

describe('the topology without an engine', () => {
  it('starts every process of docker-compose.yml that is ours, each replica', () => {
    expect(toProcesses(services).map(({ name, command }) => `${name}: ${command}`)).toEqual([
      'ingress-1: ingress',
      'ingress-2: ingress',
      'setup: setup',
      'worker-1: worker',
      'worker-2: worker',
      'admin: admin',
    ]);
  });

  it('has the versions and the stop periods of docker-compose.yml', () => {
    expect(versionOf(services['temporal'] ?? {})).toMatch(/^1\.\d+\.\d+$/);
    expect(versionOf(services['temporal-schema'] ?? {})).toBe(versionOf(services['temporal'] ?? {}));
    expect([stopMsOf(services['worker'] ?? {}), stopMsOf({})]).toEqual([20_000, 10_000]);
  });

  it('fills deploy/.env so that every service gets its variables', () => {
    const filled = environment();
    for (const service of Object.values(services))
      for (const value of Object.values(environmentOf(service, filled))) expect(value).not.toMatch(/\$\{|^$/);
    expect(() => environmentOf({ environment: { A: '${MISSING:?set it}' } }, filled)).toThrow('docker-compose.yml needs `MISSING`');
  });

  it('gives a process settings that it can start with, on loopback and with the sources of the demonstration', () => {
    const filled = environment();
    const env = { ...toSourceSecrets(filled), ...environmentOf(services['ingress-1'] ?? {}, filled) };
    const file = join(folder, 'ingress-1.yaml');
    writeFileSync(file, toSettingsFile({ ingress: 4001, admin: 4002 }));
    const loaded = loadSettings({ file, cwd: folder, env, mode: 'production' });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, undefined, 2));
    expect(loaded.settings.ingress).toMatchObject({ host: '127.0.0.1', port: 4001, trustProxy: ['127.0.0.1'] });
    expect(loaded.settings.admin).toMatchObject({ host: '127.0.0.1', port: 4002 });
    const names = toSources(loaded.settings).map(({ name }) => name);
    expect(names.toSorted()).toEqual(['clerk', 'github', 'hookline', 'orders', 'shop', 'shopify', 'stripe', 'zendesk']);
  });

  it('changes addresses, ports and paths of nginx.conf, and nothing else', async () => {
    const place = { folder, port: 4433, ingresses: [4001, 4003] as const, certificate: { certFile: '/c.crt', keyFile: '/c.key' } };
    const changed = (await toProxyConfig(place)).split('\n').filter((line) => !line.includes('_temp_path'));
    const given = textOf('deploy/nginx/nginx.conf').split('\n');
    expect(changed).toHaveLength(given.length);
    expect(changed.filter((line, index) => line !== given[index]).map((line) => line.trim())).toEqual([
      `pid ${folder}/nginx.pid;`,
      'server 127.0.0.1:4001 max_fails=1 fail_timeout=2s;',
      'server 127.0.0.1:4003 max_fails=1 fail_timeout=2s;',
      'listen 127.0.0.1:4433 ssl;',
      'ssl_certificate /c.crt;',
      'ssl_certificate_key /c.key;',
    ]);
  });

  it('says so where a file has changed under a substitution', () => {
    expect(substitute('a b a', { file: 'f', changes: [['a', '$&']] })).toBe('$& b $&');
    expect(() => substitute('b', { file: 'f', changes: [['a', 'c']] })).toThrow('f holds no `a` any more');
  });

  it('keeps variables that lead elsewhere from what it starts', () => {
    const kept = withoutOurs({
      PATH: '/bin',
      DATABASE_URL: 'x',
      TEMPORAL_ADDRESS: 'x',
      POSTGRES_PWD: 'x',
      HOOKLINE_API: 'x',
      DATABASE: 'y',
    });
    expect(kept).toEqual({ PATH: '/bin', DATABASE: 'y' });
  });

  it('is told of in docs/deployment.md, with every difference', () => {
    const page = textOf('docs/deployment.md');
    for (const difference of DIFFERENCES) expect(page).toContain(`- ${difference}`);
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly scripts: Record<string, string> }; // npm checks its form
    expect(scripts['topology']).toBe('node scripts/topology.ts');
    expect(existsSync(join(ROOT, 'deploy/check-compose.sh'))).toBe(true);
  });
});
