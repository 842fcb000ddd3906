import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { environmentOf, readComposeServices } from '../../scripts/topology/compose.ts';
import { makeEnvironment } from '../../scripts/topology/environment.ts';
import { loadSettings } from '../../src/runtime/load-settings.ts';
import { readCompose, ROOT, textOf } from './compose-file.ts';

const { services } = readCompose();
const hostPathOf = (name: string, inside: string): string | undefined =>
  services[name]?.volumes?.find((mount) => mount.split(':')[1] === inside)?.split(':')[0];

/** What the tests read of prometheus.yml. */
interface PrometheusFile {
  readonly rule_files: readonly string[];
  readonly scrape_configs: readonly {
    readonly static_configs: readonly { readonly targets: readonly string[] }[];
    readonly dns_sd_configs: readonly { readonly names: readonly string[]; readonly port: number }[];
  }[];
}

describe('the profile `observability`', () => {
  const file = parse(textOf('deploy/prometheus/prometheus.yml')) as PrometheusFile; // promtool reads all of it
  const [scrape] = file.scrape_configs;

  it('has Prometheus ask every process of ours that goes on, by the name of its service', () => {
    const named = (scrape?.static_configs ?? []).flatMap(({ targets }) => targets.map((target) => target.split(':')[0] ?? ''));
    const found = (scrape?.dns_sd_configs ?? []).flatMap(({ names }) => names);
    const ours = Object.entries(services).filter(([name, { build }]) => build !== undefined && name !== 'setup');
    expect([...named, ...found].toSorted()).toEqual(ours.map(([name]) => name).toSorted());
  });

  it('mounts what Prometheus and Grafana read, where they read it', () => {
    const folder = hostPathOf('prometheus', '/etc/prometheus') ?? '';
    for (const rules of ['prometheus.yml', ...file.rule_files]) expect(existsSync(join(ROOT, folder, rules))).toBe(true);
    const dashboards = parse(textOf('deploy/grafana/provisioning/dashboards/hookline.yaml')) as {
      readonly providers: readonly { readonly options: { readonly path: string } }[];
    }; // Grafana reads all of it
    expect(hostPathOf('grafana', `${dashboards.providers[0]?.options.path}/hookline.json`)).toBe('./deploy/grafana/hookline.json');
    expect(hostPathOf('grafana', '/etc/grafana/provisioning')).toBe('./deploy/grafana/provisioning');
    expect(textOf('deploy/grafana/provisioning/datasources/prometheus.yaml')).toContain('url: http://prometheus:9090\n');
  });
});

describe('the listener for operators, opened as deploy/hookline.yaml shows it', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hookline-operators-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is what settings allow, once the certificate of docs/deployment.md is there', () => {
    const command = /^openssl req .*(?:\\\n.*)*operators.*$/m.exec(textOf('docs/deployment.md'))?.[0] ?? '';
    const made = spawnSync('sh', ['-c', command.replaceAll('deploy/certs/operators', folder)]);
    expect([made.status, command]).toEqual([0, expect.stringContaining('subjectAltName=DNS:hookline,')]);

    const opened = textOf('deploy/hookline.yaml').replace(/^ {2}# ((?:host|tls): .*)$/gm, '  $1');
    expect(hostPathOf('ingress-1', '/app/certs')).toBe('./deploy/certs/operators');
    const config = join(folder, 'hookline.yaml');
    writeFileSync(config, opened.replaceAll('certs/tls.', `${folder}/tls.`));
    const outside = { smtpUrl: 'smtp://mail.example.com', warehouseUrl: 'https://warehouse.example.com' };
    const env = environmentOf(readComposeServices()['admin'] ?? {}, makeEnvironment({ folder, outside }));
    const loaded = loadSettings({ file: config, cwd: folder, env, mode: 'production' });
    expect(loaded.ok ? [] : loaded.problems).toEqual([]);
    expect(loaded.ok && loaded.settings.admin).toMatchObject({ host: '0.0.0.0', tls: { cert: join(folder, 'tls.crt') } });
  });
});
