import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SECRET, startIngress, type TestIngress } from '../ingress/ingress-fixture.ts';
import { createCertificates, type Certificates, type TestCertificate } from '../support/certificates.ts';
import { linesOf, runCli, type CliResult } from './run-cli.ts';

let certificates: Certificates;
let certificate: TestCertificate;
let listener: TestIngress;

beforeAll(async () => {
  certificates = await createCertificates();
  certificate = await certificates.make({ hosts: ['localhost'] });
  listener = await startIngress({ tls: certificate });
  await writeFile(join(certificates.folder, 'hookline.yaml'), `sources: { shop: { provider: hookline, secrets: '${SECRET}' } }\n`);
});
afterAll(async () => {
  await listener.ingress.close();
  await certificates.close();
});

/** Posts to the listener by one of its names. */
function trigger(host: string, env: Readonly<Record<string, string>>): Promise<CliResult> {
  const args = ['trigger', 'hookline', 'order.created', '--source', 'shop', '--url', `https://${host}:${listener.port}`, '--json'];
  return runCli(args, { cwd: certificates.folder, env });
}

describe('`trigger` to a listener with a self-signed certificate', () => {
  test('is refused, and says how to have it taken', async () => {
    const { code, stderr } = await trigger('localhost', {});
    expect(code).toBe(4);
    expect(stderr).toContain('http.unavailable');
    expect(stderr).toContain('in the environment variable `NODE_EXTRA_CA_CERTS`');
  });

  test('works once `NODE_EXTRA_CA_CERTS` names it', async () => {
    const { code, stdout, stderr } = await trigger('localhost', { NODE_EXTRA_CA_CERTS: certificate.cert });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(linesOf(stdout)).toMatchObject([{ httpStatus: 200, status: 'accepted' }]);
  });

  test('by a name that does not stand in the certificate says so', async () => {
    const { stderr } = await trigger('127.0.0.1', { NODE_EXTRA_CA_CERTS: certificate.cert });
    expect(stderr).toContain('a certificate for another name');
    expect(stderr).toContain('post to a name that stands in the certificate');
  });
});
