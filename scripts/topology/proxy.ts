import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestCertificate } from './certificate.ts';
import { ROOT } from './compose.ts';
import { answersAt, startProgram, type Program, type ProgramOptions } from './program.ts';
import { substitute } from './substitute.ts';

const FILE = 'deploy/nginx/nginx.conf';

/** What differs between this machine and the container of nginx. */
export interface ProxyPlace {
  readonly folder: string;
  readonly port: number;
  /** Ports of `ingress-1` and `ingress-2`. */
  readonly ingresses: readonly [number, number];
  readonly certificate: Pick<TestCertificate, 'certFile' | 'keyFile'>;
}

/** `deploy/nginx/nginx.conf` with other addresses, ports and paths, and nothing else. */
export async function toProxyConfig({ folder, port, ingresses, certificate }: ProxyPlace): Promise<string> {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const temporary = kinds.map((kind) => `  ${kind}_temp_path ${join(folder, `${kind}_temp`)};\n`).join('');
  return substitute(await readFile(join(ROOT, FILE), 'utf8'), {
    file: FILE,
    changes: [
      ['172.30.87.11:8787', `127.0.0.1:${ingresses[0]}`],
      ['172.30.87.12:8787', `127.0.0.1:${ingresses[1]}`],
      ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
      ['/etc/nginx/certs/tls.crt', certificate.certFile],
      ['/etc/nginx/certs/tls.key', certificate.keyFile],
      ['/var/run/nginx.pid', join(folder, 'nginx.pid')],
      // the package's own folders belong to root
      ['http {\n', `http {\n${temporary}`],
    ],
  });
}

/** Starts nginx as its image does. */
export async function startProxy(
  place: ProxyPlace,
  { logFile, stopMs, signal, onDied }: Pick<ProgramOptions, 'logFile' | 'stopMs' | 'signal' | 'onDied'>,
): Promise<Program> {
  const { folder, port } = place;
  await mkdir(folder, { recursive: true });
  const config = join(folder, 'nginx.conf');
  await writeFile(config, await toProxyConfig(place));
  // below a folder of root's, nginx's workers could not reach what they are to read as another user
  const user = process.getuid?.() === 0 ? 'user root; ' : '';
  return startProgram({
    name: 'proxy',
    command: 'nginx',
    args: ['-p', folder, '-e', 'stderr', '-c', config, '-g', `${user}daemon off;`],
    env: process.env,
    cwd: folder,
    logFile,
    isReady: () => answersAt(port),
    readyMs: 10_000,
    stopMs,
    signal,
    onDied,
  });
}
