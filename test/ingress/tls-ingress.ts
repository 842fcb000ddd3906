import { copyFile, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { IngressDependencies } from '../../src/ingress/server.ts';
import { createCertificates, type Certificates, type TestCertificate } from '../support/certificates.ts';
import { openRawTls, toBytes } from '../support/raw-http.ts';
import { sign, startIngress, type TestIngress } from './ingress-fixture.ts';

/** Listeners with certificates, ended after each test of a file. */
export interface TlsIngresses {
  folder(): string;
  /** What each starts with, unless the test brings others. */
  first(): TestCertificate;
  second(): TestCertificate;
  /** Starts a listener with files of its own, a copy of the first pair unless the test brings others. */
  start(given?: Partial<IngressDependencies>, files?: TestCertificate): Promise<SecuredIngress>;
}

/** A listener with a certificate. */
export interface SecuredIngress extends TestIngress {
  /** What its clients trust: the first pair's certificate. */
  readonly ca: Buffer;
  /** The files that it was given. */
  readonly files: TestCertificate;
  /** Handshakes that failed, by cause. */
  failures(): readonly string[];
}

/** A webhook that is accepted. */
export const POST = toBytes({ path: '/webhooks/shop', headers: [sign('{}')], body: '{}' });
/** The head of a TLS record, and no more. */
export const HALF_A_HANDSHAKE = Buffer.from('16030100ff', 'hex');

const CHECK_MS = 20;

/** Makes two certificates before the tests of a file. */
export function useTlsIngresses(): TlsIngresses {
  let certificates: Certificates;
  let first: TestCertificate;
  let second: TestCertificate;
  let copies = 0;
  const running: TestIngress[] = [];
  beforeAll(async () => {
    certificates = await createCertificates();
    [first, second] = [await certificates.make(), await certificates.make()];
  });
  afterEach(() => Promise.all(running.splice(0).map(({ ingress }) => ingress.close())));
  afterAll(() => certificates.close());

  return {
    folder: () => certificates.folder,
    first: () => first,
    second: () => second,
    async start(given = {}, files) {
      copies += 1;
      const own = { cert: join(certificates.folder, `own-${copies}.pem`), key: join(certificates.folder, `own-key-${copies}.pem`) };
      if (files === undefined) await replacePair(own, first);
      const failures: string[] = [];
      const meter: NonNullable<IngressDependencies['meter']> = {
        count: (name, labels) => void (name === 'hookline_ingress_handshake_failures_total' && failures.push(Object.values(labels).join())),
        observe: () => {},
        watch: () => {},
      };
      const tls = files ?? own;
      const started = await startIngress({ tls, meter, ...given, limits: { certificateCheckMs: CHECK_MS, ...given.limits } });
      running.push(started);
      return { ...started, ca: await readFile(first.cert), files: tls, failures: () => failures };
    },
  };
}

/** Puts a pair in the place of another, one file after the other, as certbot does. */
export async function replacePair(at: TestCertificate, by: TestCertificate): Promise<void> {
  for (const file of ['key', 'cert'] as const) {
    await copyFile(by[file], `${at[file]}.new`);
    await rename(`${at[file]}.new`, at[file]);
  }
}

/** The certificate that a new connection is served. */
export async function fingerprintOf(port: number): Promise<string> {
  const connection = await openRawTls(port, { rejectUnauthorized: false });
  const { fingerprint256 = '' } = connection.socket.getPeerX509Certificate() ?? {};
  connection.destroy();
  return fingerprint256;
}
