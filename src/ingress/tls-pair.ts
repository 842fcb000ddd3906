import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';

/** Where a listener's certificate and private key are, as PEM. */
export interface TlsPaths {
  /** The certificate first, then its chain. */
  readonly cert: string;
  readonly key: string;
}

/** What a certificate says of itself. */
export interface CertificateFacts {
  readonly validFrom: Date;
  readonly validTo: Date;
  /** Certificates in the file: the listener's own, and those that lead to its authority. */
  readonly count: number;
  readonly selfSigned: boolean;
  /** Whether it was made for this host name or bare IP address (RFC 9525, wildcards included). */
  names(host: string): boolean;
}

/** A pair that can be served now, or what is wrong with it. Neither holds anything of the key but `key` itself. */
export type TlsPair =
  | { readonly ok: true; readonly cert: Buffer; readonly key: Buffer; readonly facts: CertificateFacts }
  | ({ readonly ok: false; readonly file: keyof TlsPaths } & TlsProblem);

interface TlsProblem {
  readonly expected: string;
  readonly got: string;
  readonly fix: string;
}

/** TLS 1.2 or later, whatever Node was started with. */
export const TLS_FLOOR = 'TLSv1.2';

const MAX_BYTES = 1024 * 1024;
const BEGIN = '-----BEGIN CERTIFICATE-----';

/**
 * The certificate and the key in two files, where the key belongs to the certificate, OpenSSL takes both, and the certificate is
 * valid now. Anything else is told and never thrown: a file that cannot be read, that is no PEM, an encrypted key. Each file must be
 * a regular one of at most 1 MiB.
 */
export function readTlsPair({ cert: certPath, key: keyPath }: TlsPaths, now: Date): TlsPair {
  const cert = read(certPath);
  if ('expected' in cert) return { ok: false, file: 'cert', ...cert };
  const key = read(keyPath);
  if ('expected' in key) return { ok: false, file: 'key', ...key };
  const certificate = parseCertificate(cert.bytes);
  if (certificate === undefined) return { ok: false, file: 'cert', ...NO_CERTIFICATE };
  const privateKey = parseKey(key.bytes);
  if ('expected' in privateKey) return { ok: false, file: 'key', ...privateKey };
  if (!certificate.checkPrivateKey(privateKey.key)) return { ok: false, file: 'key', ...OTHER_KEY };
  const refused = refusalOf(cert.bytes, key.bytes);
  if (refused !== undefined) return { ok: false, file: 'cert', ...WEAK, got: `one that OpenSSL refuses: ${refused}` };
  const facts = toFacts(certificate, cert.bytes);
  const untimely = judgeTime(facts, now);
  return untimely === undefined
    ? { ok: true, cert: cert.bytes, key: key.bytes, facts }
    : { ok: false, file: 'cert', expected: 'a certificate that is valid now', ...untimely };
}

const NO_CERTIFICATE: TlsProblem = {
  expected: `a certificate as PEM, \`${BEGIN}\``,
  got: 'something else',
  fix: 'give the file with the certificate and its chain, `fullchain.pem` of most tools',
};
const OTHER_KEY: TlsProblem = {
  expected: 'the private key of the certificate',
  got: 'the key of another one',
  fix: 'give the two files of one certificate; in the file of the certificate its own stands first, then its chain',
};
const WEAK = {
  expected: 'a certificate and a key that OpenSSL takes',
  fix: 'have it issued anew, with a key of 2048 bits RSA or P-256 at least, and SHA-256',
};

function read(path: string): { readonly bytes: Buffer } | TlsProblem {
  const expected = 'a readable file';
  try {
    const facts = statSync(path);
    if (!facts.isFile()) return { expected, got: 'something else than a file', fix: 'give the path of a PEM file' };
    if (facts.size > MAX_BYTES) return { expected: 'a file of at most 1 MiB', got: `${facts.size} bytes`, fix: 'give a PEM file' };
    return { bytes: readFileSync(path) };
  } catch (error) {
    const got = error instanceof Error && 'code' in error ? String(error.code) : 'none';
    return { expected, got, fix: 'check the path, which is relative to the working directory, and that this user may read it' };
  }
}

function parseCertificate(bytes: Buffer): X509Certificate | undefined {
  if (!bytes.includes(BEGIN)) return undefined; // DER parses too, and cannot be served
  try {
    return new X509Certificate(bytes);
  } catch {
    return undefined;
  }
}

function parseKey(bytes: Buffer): { readonly key: KeyObject } | TlsProblem {
  const expected = 'a private key as PEM, without a passphrase';
  try {
    return { key: createPrivateKey(bytes) };
  } catch {
    return /ENCRYPTED/.test(bytes.toString('latin1')) // in the first lines of both forms (RFC 7468, RFC 1421)
      ? { expected, got: 'an encrypted one', fix: 'decrypt it (`openssl pkey -in <file> -out <new file>`), readable by this user only' }
      : { expected, got: 'something else', fix: 'give the file with the key, `privkey.pem` of most tools' };
  }
}

/** OpenSSL's own code, such as `ERR_SSL_EE_KEY_TOO_SMALL`. */
function refusalOf(cert: Buffer, key: Buffer): string | undefined {
  try {
    createSecureContext({ cert, key, minVersion: TLS_FLOOR });
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'without saying why';
  }
}

function toFacts(certificate: X509Certificate, bytes: Buffer): CertificateFacts {
  return {
    validFrom: new Date(certificate.validFrom),
    validTo: new Date(certificate.validTo),
    count: bytes.toString('latin1').split(BEGIN).length - 1,
    selfSigned: certificate.checkIssued(certificate),
    names: (host) => (isIP(host) > 0 ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined,
  };
}

function judgeTime({ validFrom, validTo }: CertificateFacts, now: Date): Omit<TlsProblem, 'expected'> | undefined {
  if (now > validTo) return { got: `one that has expired on ${toDay(validTo)}`, fix: 'renew it' };
  if (now < validFrom) return { got: `one that is not valid before ${validFrom.toISOString()}`, fix: "check this machine's clock" };
  return undefined;
}

function toDay(time: Date): string {
  return time.toISOString().slice(0, 10);
}
