import { createHmac, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The sources of a machine without a settings file, one for each provider and more; their secrets are random and stay in the data folder. */
export const DEVELOPMENT_SOURCES = {
  clerk: { provider: 'standard-webhooks' },
  github: { provider: 'github' },
  hookline: { provider: 'hookline' },
  orders: { provider: 'hookline', type: { value: 'order.created' } },
  shopify: { provider: 'shopify' },
  stripe: { provider: 'stripe', references: 'shopify' },
  zendesk: { provider: 'zendesk' },
} as const;

type DevelopmentSource = keyof typeof DEVELOPMENT_SOURCES;

const sourceNames = Object.keys(DEVELOPMENT_SOURCES) as readonly DevelopmentSource[]; // a constant has no other keys

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
 * owner can read. Those that an older file lacks are added. Two processes that start at once get the same ones. Throws where the
 * folder cannot be written or the file holds something else.
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
  const makeKey = keyMaker(kept);
  return {
    sources: Object.fromEntries(sourceNames.map((name) => [name, keptSource(kept, name) ?? toSecret(name, makeKey(name))])),
    warehouse: typeof kept.warehouse === 'string' ? kept.warehouse : toStandardSecret(randomBytes(32)),
  };
}

/**
 * Makes keys of 32 bytes. What is missing in a complete older file follows from all the secrets that stand there, so that two
 * processes that add it at once add the same; without such a file it is random.
 */
function keyMaker(kept: Kept): (name: string) => Buffer {
  if (typeof kept.warehouse !== 'string') return () => randomBytes(32);
  const known = JSON.stringify(kept);
  return (name) => createHmac('sha256', known).update(name).digest();
}

/** A secret as the vendor writes it. */
function toSecret(name: DevelopmentSource, key: Buffer): string {
  const { provider } = DEVELOPMENT_SOURCES[name];
  if (provider === 'standard-webhooks') return toStandardSecret(key);
  return provider === 'stripe' ? `whsec_${key.toString('hex')}` : key.toString('hex');
}

/** As Standard Webhooks 1.0 writes keys. */
function toStandardSecret(key: Buffer): string {
  return `whsec_${key.toString('base64')}`;
}

function isComplete(kept: Kept): boolean {
  return typeof kept.warehouse === 'string' && sourceNames.every((name) => keptSource(kept, name) !== undefined);
}

function keptSource({ sources }: Kept, name: string): string | undefined {
  const secret: unknown =
    typeof sources === 'object' && sources !== null && Object.hasOwn(sources, name) ? Reflect.get(sources, name) : undefined;
  return typeof secret === 'string' && secret.length >= MIN_BYTES ? secret : undefined;
}
