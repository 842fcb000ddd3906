import { copyFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCertificates, type Certificates, type TestCertificate } from '../support/certificates.ts';
import { linesOf, runCli, startCli, type RunningCli } from './run-cli.ts';

const UP = ['up', '--any-ports', '--json'];

let certificates: Certificates;
let cwd: string;
let made: TestCertificate;
let running: RunningCli | undefined;

beforeAll(async () => {
  certificates = await createCertificates();
  cwd = certificates.folder;
  made = await certificates.make();
  await put(made);
  await writeFile(join(cwd, 'hookline.yaml'), 'publicUrl: https://hooks.example\ningress: { tls: { cert: cert.pem, key: key.pem } }\n');
});
afterAll(async () => {
  await running?.signal('SIGINT');
  await certificates.close();
});

test('`up` takes webhooks by TLS, shows the public URL for pasting, and serves a renewed certificate', { timeout: 120_000 }, async () => {
  running = startCli(UP, { cwd });
  const { ingressUrl } = JSON.parse(await running.firstLine) as { readonly ingressUrl: string }; // as `up --json` prints it
  expect(ingressUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const place = { cwd, env: { NODE_EXTRA_CA_CERTS: made.cert } };
  const sent = await runCli(['trigger', 'shopify', 'orders/create', '--wait', '--json'], place);
  expect({ code: sent.code, stderr: sent.stderr }).toEqual({ code: 0, stderr: '' });

  const { stdout } = await runCli(['sources', '--json'], { cwd });
  const [{ sources } = {}] = linesOf(stdout);
  expect(sources).toContainEqual(expect.objectContaining({ name: 'shopify', url: 'https://hooks.example/webhooks/shopify' }));
  expect((await runCli(['sources'], { cwd })).stdout).toContain('https://hooks.example/webhooks/stripe');

  const renewed = await certificates.make();
  const before = await servedAt(ingressUrl);
  await put(renewed);
  await expect.poll(() => servedAt(ingressUrl), { timeout: 15_000 }).not.toBe(before);
  const again = await runCli(['trigger', 'github', 'push', '--json'], { cwd, env: { NODE_EXTRA_CA_CERTS: renewed.cert } });
  expect(linesOf(again.stdout)).toMatchObject([{ httpStatus: 200 }]);
  expect((await running.signal('SIGINT')).code).toBe(0);
});

test('`up` does not start with the key of another certificate, and says what to do', { timeout: 120_000 }, async () => {
  await put({ cert: made.cert, key: (await certificates.make()).key });
  running = undefined;
  const { code, stderr } = await runCli(['up', '--any-ports'], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain('settings.wrong: expected the private key of the certificate, got the key of another one');
  expect(stderr).toContain('fix: give the two files of one certificate');
});

/** Puts a pair where the settings have it, each file at once. */
async function put(pair: TestCertificate): Promise<void> {
  for (const file of ['key', 'cert'] as const) {
    await copyFile(pair[file], join(cwd, `${file}.new`));
    await rename(join(cwd, `${file}.new`), join(cwd, `${file}.pem`));
  }
}

/** The fingerprint of the certificate that a new connection gets. */
async function servedAt(url: string): Promise<string | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
