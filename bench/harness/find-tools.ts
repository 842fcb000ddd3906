import { execFile } from 'node:child_process';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findTemporalCli } from '../../src/runtime/find-temporal-cli.ts';
import { toProgressLine } from '../../src/runtime/progress.ts';
import type { Need, Tool, Tools } from './system.ts';

const run = promisify(execFile);
const BENCH = join(import.meta.dirname, '..');
const VENV = join(BENCH, '.venv');
const VENV_PYTHON = join(VENV, 'bin/python');

/** How a program is started. */
type Launcher = Pick<Tool, 'command' | 'args'>;

/** What was found, and why the rest was not. */
export interface FoundTools {
  readonly tools: Tools;
  /** One sentence each: the reason, and the fix. */
  readonly missing: Readonly<Partial<Record<Need, string>>>;
}

/** Finds what is wanted, and installs what can be: Python packages in a folder of ours, Redis where root may use Debian's packages. */
export async function findTools({
  needs,
  onProgress,
  signal,
}: {
  readonly needs: ReadonlySet<Need>;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<FoundTools> {
  const missing: Partial<Record<Need, string>> = {};
  const find = async (need: Need, how: () => Promise<Tool>): Promise<Tool | undefined> => {
    if (!needs.has(need)) return undefined;
    try {
      return await how();
    } catch (error) {
      signal.throwIfAborted();
      missing[need] = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  };
  const redis = await find('redis', () => findRedis(onProgress));
  const python = await find('python', () => findPython(onProgress));
  const temporal = await find('temporal', async () => {
    const { path, serverVersion } = await findTemporalCli({
      env: process.env,
      progress: (event) => onProgress(toProgressLine(event)),
      signal,
    });
    return { command: path, args: [], version: serverVersion };
  });
  return { tools: { redis, python, temporal }, missing };
}

const DEBIAN = '/usr/bin/redis-check-rdb';
const REDIS: Launcher = { command: 'redis-server', args: [] };
/** In Debian's redis-tools the server has another name, and is what it is called when it is started. */
const DEBIAN_REDIS: Launcher = { command: '/bin/bash', args: ['-c', 'exec -a redis-server "$0" "$@"', DEBIAN] };

async function findRedis(onProgress: (line: string) => void): Promise<Tool> {
  const found = (await tryRedis(REDIS)) ?? (await tryDebianRedis());
  if (found !== undefined) return found;
  const fix = 'install Redis, so that `redis-server` is on the PATH';
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !(await exists('/usr/bin/apt-get'))) throw new Error(`there is no Redis here; ${fix}`);
  onProgress('installing Debian’s redis-tools, which hold the server and start none');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-qq', '-y', '--no-install-recommends', 'redis-tools'], { env });
  } catch (cause) {
    throw new Error(`Redis could not be installed by apt-get; ${fix}`, { cause });
  }
  const installed = await tryDebianRedis();
  if (installed === undefined) throw new Error(`redis-tools hold no server here; ${fix}`);
  return installed;
}

async function tryDebianRedis(): Promise<Tool | undefined> {
  return (await exists(DEBIAN)) ? tryRedis(DEBIAN_REDIS) : undefined;
}

async function tryRedis({ command, args }: Launcher): Promise<Tool | undefined> {
  try {
    const { stdout } = await run(command, [...args, '--version']);
    const version = /v=(\S+)/.exec(stdout)?.[1];
    return version === undefined ? undefined : { command, args, version };
  } catch {
    return undefined;
  }
}

/** The packages as `requirements.txt` pins them, all of them; a copy of that file in the folder says which it holds. */
async function findPython(onProgress: (line: string) => void): Promise<Tool> {
  const [requirements, kept] = [join(BENCH, 'requirements.txt'), join(VENV, 'requirements.txt')];
  const wanted = await readFile(requirements, 'utf8');
  if ((await readFile(kept, 'utf8').catch(() => '')) !== wanted) {
    onProgress('installing Flask, gunicorn and Celery');
    try {
      await run('python3', ['-m', 'venv', '--clear', VENV]);
      await run(VENV_PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
      await writeFile(kept, wanted);
    } catch (cause) {
      throw new Error('Flask and Celery could not be installed; install Python 3 with its modules `venv` and `pip`', { cause });
    }
  }
  const { stdout } = await run(VENV_PYTHON, ['--version']);
  const named = ['flask', 'gunicorn', 'celery', 'redis'].map((name) =>
    new RegExp(`^${name}==(.+)$`, 'im').exec(wanted)?.[0].replace('==', ' '),
  );
  return { command: VENV_PYTHON, args: [], version: [stdout.trim().toLowerCase(), ...named].join(', ') };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
