import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Where the project stands. */
export const ROOT = join(import.meta.dirname, '../..');

/** What the tests read of a service. */
export interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly networks: readonly string[] | Readonly<Record<string, { readonly ipv4_address?: string } | null>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[] };
  readonly stop_grace_period?: string;
  readonly restart?: string;
  readonly deploy?: { readonly replicas?: number };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly ipam?: { readonly config: readonly { readonly subnet: string }[] } } | null>>;
  readonly volumes: Readonly<Record<string, null>>;
}

/** A text of the project. */
export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** `docker-compose.yml`, anchors and merges resolved, variables not. */
export function readCompose(): Compose {
  return parse(textOf('docker-compose.yml'), { merge: true }) as Compose; // the tests look at every part that they use
}

/** Our own services: those that are built here. */
export function ownServices(): readonly (readonly [name: string, service: Service])[] {
  return Object.entries(readCompose().services).filter(([, { build }]) => build !== undefined);
}

/** The networks of a service, with the fixed address that it has in each. */
export function networksOf({ networks }: Service): ReadonlyMap<string, string | undefined> {
  return isList(networks)
    ? new Map(networks.map((name) => [name, undefined]))
    : new Map(Object.entries(networks).map(([name, joined]) => [name, joined?.ipv4_address]));
}

function isList(networks: Service['networks']): networks is readonly string[] {
  return Array.isArray(networks);
}

/** The variables of `deploy/example.env`, with what they are given there. */
export function readExampleEnv(): ReadonlyMap<string, string> {
  const lines = textOf('deploy/example.env')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
