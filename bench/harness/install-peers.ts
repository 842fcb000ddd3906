import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { peerVersion } from './peer-version.ts';

const BENCH = join(import.meta.dirname, '..');

/** Installs the npm packages of the peers, as the lock file says, where one is missing or another version. */
export async function installPeers(onProgress: (line: string) => void): Promise<void> {
  const { dependencies } = JSON.parse(await readFile(join(BENCH, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  }; // our own file
  if (Object.entries(dependencies).every(([name, version]) => peerVersion(name) === `${name} ${version}`)) return;
  onProgress('installing the peers: npm ci in bench/');
  // no scripts: none of them needs one, and one would send statistics
  const child = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: BENCH,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null]; // Node's documented argument
  if (code !== 0) throw new Error(`npm ci in bench/ ended with ${code}`);
}
