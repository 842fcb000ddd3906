import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toSources, type Settings } from '../../src/contracts/settings.ts';
import { settingsTable } from '../../src/contracts/settings-table.ts';
import { DEFAULT_LIMITS } from '../../src/ingress/limits.ts';
import { loadSettings } from '../../src/runtime/load-settings.ts';
import { networksOf, ownServices, readCompose, readExampleEnv, ROOT, textOf } from './compose-file.ts';

/** How much longer an engine waits than a process needs. */
const MARGIN_MS = 5_000;
/** What a worker waits beyond its grace for actions that ignore it. */
const FORCE_MS = 2_000;

const { services } = readCompose();
const addressOf = (name: string): string | undefined => {
  const service = services[name];
  return service && networksOf(service).get('edge');
};
const stopMsOf = (name: string): number => Number(/^(\d+)s$/.exec(services[name]?.stop_grace_period ?? '')?.[1]) * 1000;

/** The settings as a container gets them, with everything filled in that `deploy/example.env` leaves open. */
function settingsOf(service: string): Settings {
  const given = new Map([...readExampleEnv()].map(([name, value]) => [name, value === '' ? secretFor(name) : value]));
  const environment = Object.entries(services[service]?.environment ?? {});
  const env = Object.fromEntries(
    environment.map(([name, value]) => [
      name,
      value.replace(/\$\{([A-Z_]+):\?[^}]*\}/g, (_all, variable: string) => given.get(variable) ?? ''),
    ]),
  );
  const loaded = loadSettings({ file: join(ROOT, 'deploy/hookline.yaml'), cwd: ROOT, env, mode: 'production' });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems, undefined, 2));
  return loaded.settings;
}

function secretFor(name: string): string {
  return name === 'WAREHOUSE_SECRET' ? `whsec_${randomBytes(32).toString('base64')}` : randomBytes(32).toString('hex');
}

describe('the settings of docker-compose.yml', () => {
  it.each(ownServices().map(([name]) => name))('start %s, once deploy/.env is filled in', (service) => {
    const settings = settingsOf(service);
    expect(toSources(settings).map(({ name, provider }) => [name, provider])).toEqual([
      ['orders', 'hookline'],
      ['shop', 'shopify'],
    ]);
    expect(settings.database.url).toMatch(/^postgres:\/\/hookline:[0-9a-f]{64}@postgres:5432\/hookline$/);
  });

  it('believe the proxy, and nobody else', () => {
    expect(settingsOf('ingress-1').ingress).toMatchObject({ host: '0.0.0.0', trustProxy: [addressOf('proxy')] });
  });

  it('keep the usual ports, which the health checks ask', () => {
    const { ingress, admin } = settingsOf('ingress-1');
    expect(ingress.port).toBe(settingsTable['ingress.port'].default);
    for (const name of ['ingress-1', 'ingress-2', 'worker', 'admin'])
      expect(services[name]?.healthcheck?.test?.join(' ')).toContain(`://127.0.0.1:${admin.port}/readyz`);
    expect(textOf('Dockerfile')).toContain(`://127.0.0.1:${admin.port}/healthz`);
    expect(services['admin']?.ports).toEqual([`127.0.0.1:${admin.port}:${admin.port}`]);
    expect(textOf('Dockerfile')).toContain(`EXPOSE ${ingress.port}\n`);
  });
});

describe('the stop periods of docker-compose.yml', () => {
  it('are longer than an ingress drains', () => {
    const { drainServeMs, drainGraceMs } = DEFAULT_LIMITS;
    for (const name of ['ingress-1', 'ingress-2']) expect(stopMsOf(name)).toBeGreaterThanOrEqual(drainServeMs + drainGraceMs + MARGIN_MS);
  });

  it('are longer than a worker lets its actions end', () => {
    expect(stopMsOf('worker')).toBeGreaterThanOrEqual(settingsOf('worker').worker.shutdownGraceMs + FORCE_MS + MARGIN_MS);
  });
});

describe('deploy/nginx/nginx.conf', () => {
  const conf = textOf('deploy/nginx/nginx.conf');
  const numberOf = (pattern: RegExp): number => Number(pattern.exec(conf)?.[1]);

  it('knows both ingresses by their addresses and their port', () => {
    const { port } = settingsOf('ingress-1').ingress;
    const upstream = [...conf.matchAll(/^ {4}server (\S+) max_fails/gm)].map(([, address]) => address);
    expect(upstream).toEqual(['ingress-1', 'ingress-2'].map((name) => `${addressOf(name)}:${port}`));
  });

  it('keeps a connection for less time than the ingress does', () => {
    const keptMs = numberOf(/keepalive_timeout (\d+)s/) * 1000;
    expect(keptMs).toBeGreaterThan(0);
    expect(keptMs).toBeLessThan(settingsOf('ingress-1').ingress.keepAliveTimeoutMs);
  });

  it('leaves the limits to the ingress: its own are wider', () => {
    const { bodyLimit } = settingsOf('ingress-1').ingress;
    expect(numberOf(/client_max_body_size (\d+)m/) * 1024 ** 2).toBeGreaterThan(bodyLimit);
    expect(numberOf(/large_client_header_buffers \d+ (\d+)k/) * 1024).toBeGreaterThanOrEqual(DEFAULT_LIMITS.headerBytes);
    expect(numberOf(/proxy_read_timeout (\d+)s/) * 1000).toBeGreaterThan(DEFAULT_LIMITS.commitTimeoutMs + MARGIN_MS);
  });

  it('names the sender itself, and speaks TLS only', () => {
    expect(conf).toContain('proxy_set_header X-Forwarded-For $remote_addr;');
    expect(conf.match(/listen .*/g)).toEqual(['listen 443 ssl;']);
  });

  it('reads the certificates where docker-compose.yml mounts them', () => {
    const folder = services['proxy']?.volumes?.find((volume) => volume.startsWith('./deploy/certs:'))?.split(':')[1];
    expect([...conf.matchAll(/ssl_certificate(?:_key)? (\S+);/g)].map(([, file]) => file)).toEqual([
      `${folder}/tls.crt`,
      `${folder}/tls.key`,
    ]);
  });
});
