import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Where the project stands. */
export const ROOT = join(import.meta.dirname, '../..');

/** What is read of a service of `docker-compose.yml`. */
export interface ComposeService {
  readonly build?: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly deploy?: { readonly replicas?: number };
  readonly profiles?: readonly string[];
  readonly stop_grace_period?: string;
}

/** A process of ours that compose starts: a service, or one of its replicas. */
export interface ComposeProcess {
  /** `ingress-1`, `worker-2`. */
  readonly name: string;
  readonly command: string;
  readonly service: ComposeService;
}

/** The services of `docker-compose.yml`, anchors and merges resolved, variables not. */
export function readComposeServices(): Readonly<Record<string, ComposeService>> {
  const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  return (parse(text, { merge: true }) as { readonly services: Readonly<Record<string, ComposeService>> }).services; // test/deploy reads every part of it
}

/** Every process of ours, a replica each. */
export function toProcesses(services: Readonly<Record<string, ComposeService>>): readonly ComposeProcess[] {
  return Object.entries(services).flatMap(([name, service]) => {
    const [command] = service.command ?? [];
    if (service.build === undefined || command === undefined) return [];
    const replicas = service.deploy?.replicas ?? 1;
    return Array.from({ length: replicas }, (_none, index) => ({
      name: replicas === 1 ? name : `${name}-${index + 1}`,
      command,
      service,
    }));
  });
}

/** A service's environment, with the values of `deploy/.env` in it. A variable without a value is an error, as it is in compose. */
export function environmentOf(
  { environment = {} }: Pick<ComposeService, 'environment'>,
  values: ReadonlyMap<string, string>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, text]) => [
      name,
      text.replace(/\$\{([A-Z_]+)(?::\?[^}]*)?\}/g, (_all, variable: string) => {
        const value = values.get(variable);
        if (value === undefined || value === '') throw new Error(`docker-compose.yml needs \`${variable}\``);
        return value;
      }),
    ]),
  );
}

/** What compose waits before it kills a service, in milliseconds; an engine's own 10 s where it says nothing. */
export function stopMsOf({ stop_grace_period: period = '10s' }: Pick<ComposeService, 'stop_grace_period'>): number {
  return Number.parseInt(period, 10) * 1_000;
}

/** The version that an image is pinned to. */
export function versionOf({ image = '' }: Pick<ComposeService, 'image'>): string {
  return image.slice(image.indexOf(':') + 1);
}
