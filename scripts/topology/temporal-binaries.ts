import { access, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../src/runtime/child.ts';
import { toProgressLine, withProgress } from '../../src/runtime/progress.ts';

/** What Temporal's images hold, on this machine. */
export interface TemporalBinaries {
  readonly server: string;
  readonly sqlTool: string;
  /** Holds `postgresql/v12/<database>/versioned`. */
  readonly schemaFolder: string;
}

/** Options of `findTemporalBinaries`. */
export interface FindOptions {
  /** Of the server: `1.31.0`. */
  readonly version: string;
  /** `TEMPORAL_SERVER` and `TEMPORAL_SQL_TOOL` name binaries that are there; the cache folder and Go want the rest. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

const MODULE = 'go.temporal.io/server';
const BUILD_MS = 40 * 60_000;

/**
 * The server and its schema tool, of just this version: those that the environment names, else those of `<cache>/hookline`, else built into
 * it by Go from sources that Go checks against its checksum database (once; minutes).
 */
export async function findTemporalBinaries(options: FindOptions): Promise<TemporalBinaries> {
  const { env, version } = options;
  const cache = join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'hookline', `temporal-server-${version}`);
  const schemaFolder = await fetchSchema(options);
  const server = env['TEMPORAL_SERVER'] || (await builtIn(cache, 'server', options));
  const sqlTool = env['TEMPORAL_SQL_TOOL'] || (await builtIn(cache, 'tools/sql', options));
  for (const path of [server, sqlTool]) await demandVersion(path, options);
  return { server, sqlTool, schemaFolder };
}

/** `cmd/<what>` of the server's module, built where it is not in the cache yet; it appears there whole or not at all. */
async function builtIn(cache: string, what: 'server' | 'tools/sql', options: FindOptions): Promise<string> {
  const name = what.split('/').at(-1) ?? what;
  const path = join(cache, name);
  if (await isExecutable(path)) return path;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'draft-'));
  try {
    await go(options, {
      what: `building Temporal's ${name} ${options.version} with Go, once`,
      args: ['install', `${MODULE}/cmd/${what}@v${options.version}`],
      env: { GOBIN: draft, CGO_ENABLED: '0' },
    });
    await rename(join(draft, name), path);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return path;
}

/** The schema is data of the server's module, which Go keeps in its own cache; the admin-tools image holds the same files. */
async function fetchSchema(options: FindOptions): Promise<string> {
  const { version } = options;
  const output = await go(options, {
    what: `fetching Temporal's schema ${version}`,
    args: ['mod', 'download', '-json', `${MODULE}@v${version}`],
    env: {},
  });
  const json = output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1);
  return join((JSON.parse(json) as { readonly Dir: string }).Dir, 'schema'); // Go's documented answer
}

async function go(
  { env: given, onProgress, signal }: FindOptions,
  { what, args, env }: { readonly what: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> },
): Promise<string> {
  const done = await withProgress({
    what,
    progress: (event) => onProgress(toProgressLine(event)),
    run: () => runCommand({ command: 'go', args, env: { ...given, ...env }, timeoutMs: BUILD_MS, signal }),
  });
  if (done.ok) return done.output;
  throw new Error(`${done.reason}; install Go, or name binaries in \`TEMPORAL_SERVER\` and \`TEMPORAL_SQL_TOOL\``);
}

async function demandVersion(path: string, { env, version, signal }: FindOptions): Promise<void> {
  const asked = await runCommand({ command: path, args: ['--version'], env, timeoutMs: 10_000, signal });
  if (!asked.ok) throw new Error(asked.reason);
  if (!asked.output.includes(version)) throw new Error(`\`${path}\` is not of version ${version}: ${asked.output.trim().slice(0, 100)}`);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
