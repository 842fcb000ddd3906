import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The sources of a machine without a settings file; their secrets are random and stay in the data folder. */
export const DEVELOPMENT_SOURCES = {
  hookline: { provider: 'hookline' },
  orders: { provider: 'hookline', type: { value: 'order.created' } },
  shopify: { provider: 'shopify' },
} as const;

/** Secrets of a development machine. */
export interface DevelopmentSecrets {
  readonly sources: Readonly<Record<string, string>>;
  /** Standard Webhooks: `whsec_…`. */
  readonly warehouse: string;
}

/** The file of the data folder that holds them. */
export const SECRETS_FILE = 'secrets.json';

const MIN_BYTES = 16;

/**
 * The development secrets of a data folder: made at random at first, the same ever after, in `secrets.json`, which only its
 * owner can read. Two processes that start at once get the same ones. Throws where the folder cannot be written or the file
 * holds something else.
 */
export function developmentSecrets(dataDir: string): DevelopmentSecrets {
  const path = join(dataDir, SECRETS_FILE);
  const kept = read(path) ?? {};
  const wanted = toSecrets(kept);
  if (isComplete(kept)) return wanted;
  mkdirSync(dataDir, { recursive: true });
  const draft = join(dataDir, `${SECRETS_FILE}.${process.pid}.${randomBytes(4).toString('hex')}`);
  writeFileSync(draft, `${JSON.stringify(wanted, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  try {
    if (Object.keys(kept).length > 0) renameSync(draft, path);
    else linkSync(draft, path); // fails where another process was first, whose secrets then count
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    return toSecrets(read(path) ?? {});
  } finally {
    rmSync(draft, { force: true });
  }
  return wanted;
}

type Kept = { readonly sources?: unknown; readonly warehouse?: unknown };

function read(path: string): Kept | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const kept: unknown = JSON.parse(text);
  if (typeof kept !== 'object' || kept === null) throw new SyntaxError('no JSON object');
  return kept;
}

function toSecrets(kept: Kept): DevelopmentSecrets {
  const names = Object.keys(DEVELOPMENT_SOURCES);
  return {
    sources: Object.fromEntries(names.map((name) => [name, keptSource(kept, name) ?? randomBytes(32).toString('hex')])),
    warehouse: typeof kept.warehouse === 'string' ? kept.warehouse : `whsec_${randomBytes(32).toString('base64')}`,
  };
}

function isComplete(kept: Kept): boolean {
  return typeof kept.warehouse === 'string' && Object.keys(DEVELOPMENT_SOURCES).every((name) => keptSource(kept, name) !== undefined);
}

function keptSource({ sources }: Kept, name: string): string | undefined {
  const secret: unknown =
    typeof sources === 'object' && sources !== null && Object.hasOwn(sources, name) ? Reflect.get(sources, name) : undefined;
  return typeof secret === 'string' && secret.length >= MIN_BYTES ? secret : undefined;
}
