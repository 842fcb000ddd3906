import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../src/runtime/child.ts';

/** A certificate for 127.0.0.1 and what belongs to it. */
export interface TestCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  /** PEM: whoever trusts it trusts the certificate. */
  readonly authority: string;
}

const MAKE =
  'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=hookline-topology -addext subjectAltName=IP:127.0.0.1'.split(
    ' ',
  );

/** Has `openssl` make a certificate that signs itself, for two days. */
export async function makeCertificate(folder: string): Promise<TestCertificate> {
  const [certFile, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  const made = await runCommand({
    command: 'openssl',
    args: [...MAKE, '-keyout', keyFile, '-out', certFile],
    env: process.env,
    timeoutMs: 30_000,
  });
  if (!made.ok) throw new Error(`${made.reason}; Debian: \`apt-get install openssl\``);
  return { certFile, keyFile, authority: await readFile(certFile, 'utf8') };
}
