import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { settingsTable } from '../../src/contracts/settings-table.ts';
import { networksOf, ownServices, readCompose, readExampleEnv, ROOT, textOf, type Service } from './compose-file.ts';

const { services, networks, volumes } = readCompose();
const all = Object.entries(services);
const others = all.filter(([, { build }]) => build === undefined);

/** Read by `@temporalio/envconfig`. */
const TEMPORAL = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'];

/** What each image's documentation names, and the ports it listens on. */
const IMAGES: Readonly<Record<string, { readonly variables: readonly string[]; readonly ports: readonly number[] }>> = {
  nginx: { variables: [], ports: [443] },
  postgres: { variables: ['POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD'], ports: [] },
  'temporalio/server': {
    variables: 'DB DB_PORT POSTGRES_SEEDS POSTGRES_USER POSTGRES_PWD BIND_ON_IP NUM_HISTORY_SHARDS DYNAMIC_CONFIG_FILE_PATH'.split(' '),
    ports: [],
  },
  'temporalio/admin-tools': { variables: ['SQL_PASSWORD'], ports: [] },
  'temporalio/ui': { variables: ['TEMPORAL_ADDRESS'], ports: [8080] },
  'axllent/mailpit': { variables: [], ports: [8025] },
  'prom/prometheus': { variables: [], ports: [9090] },
  'grafana/grafana': {
    variables: [
      'GF_AUTH_ANONYMOUS_ENABLED',
      'GF_AUTH_ANONYMOUS_ORG_ROLE',
      'GF_AUTH_DISABLE_LOGIN_FORM',
      'GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION',
      'GF_ANALYTICS_REPORTING_ENABLED',
      'GF_ANALYTICS_CHECK_FOR_UPDATES',
    ],
    ports: [3000],
  },
};

const imageOf = ({ image = '' }: Service): string => image.split(':')[0] ?? '';
const namesIn = (text: string): readonly string[] => [...text.matchAll(/\$\{([A-Z_]+)[^}]*\}/g)].map(([, name]) => name ?? '');

describe('docker-compose.yml', () => {
  it('runs two ingresses, a setup that ends, two workers, and the API of operators', () => {
    expect(ownServices().map(([name, { command, deploy }]) => [name, command, deploy?.replicas])).toEqual([
      ['ingress-1', ['ingress'], undefined],
      ['ingress-2', ['ingress'], undefined],
      ['setup', ['setup'], undefined],
      ['worker', ['worker'], 2],
      ['admin', ['admin'], undefined],
    ]);
  });

  it('names commands that the command line knows', () => {
    const program = new Command();
    for (const addTo of commands) addTo(program);
    const known = program.commands.map((command) => command.name());
    for (const [, { command }] of ownServices()) expect(known).toContain(command?.[0]);
  });

  it('gives our services the variables that settings and Temporal read, and no other', () => {
    const inTable = Object.values(settingsTable).flatMap((entry) => ('variable' in entry ? [entry.variable] : []));
    const read = [...inTable, ...TEMPORAL, ...namesIn(textOf('deploy/hookline.yaml'))].toSorted();
    for (const [, { environment }] of ownServices()) expect(Object.keys(environment ?? {}).toSorted()).toEqual(read);
  });

  it('takes from deploy/.env what deploy/example.env shows, all of it needed', () => {
    const compose = textOf('docker-compose.yml');
    expect([...new Set(namesIn(compose))].toSorted()).toEqual([...readExampleEnv().keys()].toSorted());
    expect(compose.match(/\$\{[A-Z_]+\}/g)).toBeNull();
  });

  it.each(others)('%s: a pinned image, and variables and ports that its documentation names', (_name, service) => {
    const image = IMAGES[imageOf(service)];
    expect(service.image).toMatch(/:v?\d+\.\d+/);
    expect(image?.variables).toEqual(expect.arrayContaining(Object.keys(service.environment ?? {})));
    expect(image?.ports).toEqual(expect.arrayContaining((service.ports ?? []).map((port) => Number(port.split(':').at(-1)))));
  });

  it('has our version in the image', () => {
    const { version } = JSON.parse(textOf('package.json')) as { readonly version: string }; // npm checks its form
    for (const [, { image }] of ownServices()) expect(image).toBe(`hookline:${version}`);
  });

  it('mounts files of the project, read only, and volumes that are declared', () => {
    const mounts = all.flatMap(([, service]) => service.volumes ?? []);
    expect(mounts.length).toBeGreaterThan(5);
    for (const [from = '', , mode] of mounts.map((mount) => mount.split(':'))) {
      if (!from.startsWith('./')) expect(Object.keys(volumes)).toContain(from);
      else expect([existsSync(join(ROOT, from)), mode]).toEqual([true, 'ro']);
    }
  });

  it('publishes the proxy, and pages without a login on loopback only', () => {
    const published = all.flatMap(([name, service]) => (service.ports ?? []).map((port) => `${name} ${port}`));
    expect(published).toEqual([
      'admin 127.0.0.1:8788:8788',
      'proxy 443:443',
      'temporal-ui 127.0.0.1:8233:8080',
      'mailpit 127.0.0.1:8025:8025',
      'prometheus 127.0.0.1:9090:9090',
      'grafana 127.0.0.1:3000:3000',
    ]);
  });

  it('puts only proxy and ingresses on the edge, whose addresses are fixed', () => {
    const onEdge = all.filter(([, service]) => networksOf(service).has('edge'));
    expect(onEdge.map(([name]) => name)).toEqual(['ingress-1', 'ingress-2', 'proxy']);
    expect(networks['edge']?.ipam?.config).toEqual([{ subnet: '172.30.87.0/28' }]);
    for (const [, service] of onEdge) expect(networksOf(service).get('edge')).toMatch(/^172\.30\.87\.1[0-4]$/);
  });

  it('waits for services that are there, healthy where they have a check, ended where they end', () => {
    for (const [, { depends_on: needed = {} }] of all)
      for (const [name, { condition }] of Object.entries(needed)) {
        const service = services[name];
        const ends = service?.restart?.startsWith('on-failure') === true;
        expect(condition).toBe(ends ? 'service_completed_successfully' : 'service_healthy');
        expect(ends || service?.healthcheck !== undefined).toBe(true);
      }
  });

  it.each(['ingress-1', 'ingress-2', 'admin'])('does not let %s wait for Temporal', (name) => {
    expect(Object.keys(services[name]?.depends_on ?? {})).toEqual(['postgres']);
  });

  it('starts everything again that is not to end', () => {
    for (const [name, { restart }] of all)
      expect(restart).toBe(['temporal-schema', 'setup'].includes(name) ? 'on-failure:5' : 'unless-stopped');
  });

  it('keeps the catcher of mails to development, and what looks on to its own profile', () => {
    expect(all.filter(([, { profiles }]) => profiles !== undefined).map(([name, { profiles }]) => [name, profiles])).toEqual([
      ['mailpit', ['dev']],
      ['prometheus', ['observability']],
      ['grafana', ['observability']],
    ]);
  });
});
