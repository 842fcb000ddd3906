import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A pair of files as a listener is given them, made by openssl. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What a test certificate is like. */
export interface CertificateWish {
  /** Names and addresses. @default localhost and 127.0.0.1 */
  readonly hosts?: readonly string[];
  /** @default 30 */
  readonly days?: number;
  /** A key that OpenSSL refuses to serve. @default false */
  readonly weak?: boolean;
  /** Encrypts the key. */
  readonly passphrase?: string;
}

/** A folder of self-signed certificates. */
export interface Certificates {
  readonly folder: string;
  make(wish?: CertificateWish): Promise<TestCertificate>;
  close(): Promise<void>;
}

/** Makes a folder below the system's own. */
export async function createCertificates(): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-tls-'));
  let count = 0;
  return {
    folder,
    async make({ hosts = ['localhost', '127.0.0.1'], days = 30, weak = false, passphrase } = {}) {
      count += 1;
      const made = { cert: join(folder, `cert-${count}.pem`), key: join(folder, `key-${count}.pem`) };
      const names = hosts.map((host) => `${/^[\d.]+$|:/.test(host) ? 'IP' : 'DNS'}:${host}`).join(',');
      const kind = weak ? ['-newkey', 'rsa:1024'] : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
      const secrecy = passphrase === undefined ? ['-nodes'] : ['-passout', `pass:${passphrase}`];
      const subject = ['-subj', `/CN=${hosts[0] ?? ''}`, '-addext', `subjectAltName=${names}`];
      const out = ['-keyout', made.key, '-out', made.cert];
      await promisify(execFile)('openssl', ['req', '-x509', '-days', String(days), ...subject, ...kind, ...secrecy, ...out]);
      return made;
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
