import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createPlain, type RequestListener, type Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../scripts/topology/certificate.ts';
import { readCompose, textOf } from './compose-file.ts';

const dockerfile = textOf('Dockerfile').replaceAll('\\\n', '');
/** Each is run by an engine, without a shell. */
const CHECKS: readonly (readonly [of: string, path: string, command: readonly string[]])[] = [
  ['docker-compose.yml', '/readyz', readCompose().services['ingress-1']?.healthcheck?.test?.slice(1) ?? []],
  ['Dockerfile', '/healthz', JSON.parse(/^HEALTHCHECK .* CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]') as readonly string[]], // the form that is asked for
];

let folder: string;
let certificate: { readonly key: Buffer; readonly cert: Buffer };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-health-'));
  const { keyFile, certFile } = await makeCertificate(folder);
  certificate = { key: readFileSync(keyFile), cert: readFileSync(certFile) };
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The exit code of a check that asks this server in place of a process of ours, and what was asked. */
async function checkAgainst(server: Server, command: readonly string[]): Promise<number | null> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  try {
    return await run(command, port ?? 0);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function run([, ...args]: readonly string[], port: number): Promise<number | null> {
  const child = spawn(
    process.execPath,
    args.map((arg) => arg.replaceAll(':8788/', `:${port}/`)),
    { stdio: 'ignore' },
  );
  const [code] = (await once(child, 'exit')) as [number | null]; // Node's documented arguments of `exit`
  return code;
}

const answering = (status: number, path: string): RequestListener => {
  return (request, reply) => void reply.writeHead(request.url === path ? status : 404).end();
};

describe.each(CHECKS)('the health check of %s', (_of, path, command) => {
  it('is well where a listener without a certificate says so', async () => {
    expect(await checkAgainst(createPlain(answering(200, path)), command)).toBe(0);
  });

  it('is well where a listener with a certificate of its own says so', async () => {
    expect(await checkAgainst(createTls(certificate, answering(200, path)), command)).toBe(0);
  });

  it('is unwell where either says 503, and where nobody listens', async () => {
    expect(await checkAgainst(createPlain(answering(503, path)), command)).toBe(1);
    expect(await checkAgainst(createTls(certificate, answering(503, path)), command)).toBe(1);
    expect(await run(command, 1)).toBe(1);
  });
});
