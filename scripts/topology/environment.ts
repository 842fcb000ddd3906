import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEVELOPMENT_SOURCES, developmentSecrets } from '../../src/runtime/settings/development-set.ts';
import { ROOT } from './compose.ts';

/** Where the stand-ins for what is outside are. */
export interface Outside {
  readonly smtpUrl: string;
  readonly warehouseUrl: string;
}

/**
 * `deploy/.env` as a person would fill it in: what `deploy/example.env` leaves open is random, mail and warehouse are the stand-ins,
 * and each source of the demonstration has a secret as its vendor writes them, in `<SOURCE>_SECRET`.
 */
export function makeEnvironment({ folder, outside }: { readonly folder: string; readonly outside: Outside }): ReadonlyMap<string, string> {
  const secrets = developmentSecrets(folder);
  const filled = readExampleEnvironment().map(([name, value]): [string, string] => [
    name,
    value === '' ? randomBytes(32).toString('hex') : value,
  ]);
  return new Map([
    ...filled,
    ...Object.entries(secrets.sources).map(([source, secret]): [string, string] => [toSecretVariable(source), secret]),
    ['WAREHOUSE_SECRET', secrets.warehouse],
    ['SMTP_URL', outside.smtpUrl],
    ['WAREHOUSE_URL', outside.warehouseUrl],
  ]);
}

/** The environment of this process without what would lead elsewhere: a container has none of it either. */
export function withoutOurs(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(?:DATABASE_URL$|TEMPORAL_|HOOKLINE_|POSTGRES_|SQL_)/.test(name)));
}

/** The secrets of the demonstration's sources, which docker-compose.yml knows nothing of. */
export function toSourceSecrets(environment: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.keys(DEVELOPMENT_SOURCES).map((source) => [toSecretVariable(source), environment.get(toSecretVariable(source)) ?? '']),
  );
}

/** The variable with the secret of a source. */
export function toSecretVariable(source: string): string {
  return `${source.toUpperCase()}_SECRET`;
}

function readExampleEnvironment(): readonly (readonly [name: string, value: string])[] {
  return readFileSync(join(ROOT, 'deploy/example.env'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
}
