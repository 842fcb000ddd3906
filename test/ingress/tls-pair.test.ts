import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTlsPair } from '../../src/ingress/tls-pair.ts';
import { createCertificates, type Certificates, type TestCertificate } from '../support/certificates.ts';

const DAY_MS = 86_400_000;
const in30Days = (days: number): Date => new Date(Date.now() + days * DAY_MS);

let certificates: Certificates;
let good: TestCertificate;
const put = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(certificates.folder, name);
  await writeFile(path, content);
  return path;
};

beforeAll(async () => {
  certificates = await createCertificates();
  good = await certificates.make({ hosts: ['hooks.example', '*.shop.example', '192.0.2.7', '2001:db8::7'] });
});
afterAll(() => certificates.close());

describe('a pair of files', () => {
  test('is taken with what it says of itself', () => {
    const pair = readTlsPair(good, new Date());
    if (!pair.ok) throw new Error(pair.got);
    const { validTo, count, selfSigned, names } = pair.facts;
    expect({ count, selfSigned }).toEqual({ count: 1, selfSigned: true });
    expect(Math.round((validTo.getTime() - Date.now()) / DAY_MS)).toBe(30);
    for (const host of ['hooks.example', 'HOOKS.example', 'a.shop.example', '192.0.2.7', '2001:db8::7']) expect(names(host)).toBe(true);
    for (const host of ['example', 'shop.example', 'a.b.shop.example', '192.0.2.8', '2001:db8::8']) expect(names(host)).toBe(false);
  });

  test('may hold the chain behind the certificate, and not before it', async () => {
    const [own, other] = [await readFile(good.cert, 'utf8'), await readFile((await certificates.make()).cert, 'utf8')];
    const behind = readTlsPair({ ...good, cert: await put('behind.pem', own + other) }, new Date());
    expect(behind.ok && behind.facts.count).toBe(2);
    expect(readTlsPair({ ...good, cert: await put('before.pem', other + own) }, new Date())).toMatchObject({
      ok: false,
      file: 'key',
      got: 'the key of another one',
    });
  });

  test('is refused before and after its time, in words that name it', () => {
    expect(readTlsPair(good, in30Days(31))).toEqual({
      ok: false,
      file: 'cert',
      expected: 'a certificate that is valid now',
      got: `one that has expired on ${in30Days(30).toISOString().slice(0, 10)}`,
      fix: 'renew it',
    });
    expect(readTlsPair(good, in30Days(-1))).toMatchObject({
      file: 'cert',
      got: expect.stringMatching(/^one that is not valid before 20/) as string,
    });
  });

  test('is refused where OpenSSL would not serve it', async () => {
    expect(readTlsPair(await certificates.make({ weak: true }), new Date())).toMatchObject({
      ok: false,
      file: 'cert',
      got: 'one that OpenSSL refuses: ERR_SSL_EE_KEY_TOO_SMALL',
    });
  });

  test.each<[string, () => Promise<string>, string]>([
    ['is not there', async () => join(certificates.folder, 'none.pem'), 'ENOENT'],
    ['is a folder', async () => certificates.folder, 'something else than a file'],
    ['is far too large', () => put('large.pem', Buffer.alloc(1024 * 1024 + 1)), '1048577 bytes'],
    ['is empty', () => put('empty.pem', ''), 'something else'],
    ['is half written', async () => put('half.pem', (await readFile(good.cert)).subarray(0, 300)), 'something else'],
    ['is the key', async () => good.key, 'something else'],
    [
      'is DER',
      async () => {
        const der = join(certificates.folder, 'cert.der');
        await promisify(execFile)('openssl', ['x509', '-in', good.cert, '-outform', 'der', '-out', der]);
        return der;
      },
      'something else',
    ],
  ])('is refused where the certificate %s', async (_name, make, got) => {
    expect(readTlsPair({ ...good, cert: await make() }, new Date())).toMatchObject({ ok: false, file: 'cert', got });
  });

  test.each<[string, () => Promise<string>, string]>([
    ['is not there', async () => join(certificates.folder, 'none.pem'), 'ENOENT'],
    ['is half written', async () => put('half-key.pem', (await readFile(good.key)).subarray(0, 80)), 'something else'],
    ['is encrypted', async () => (await certificates.make({ passphrase: 'of-the-key' })).key, 'an encrypted one'],
    ['belongs to another certificate', async () => (await certificates.make()).key, 'the key of another one'],
  ])('is refused where the key %s', async (_name, make, got) => {
    const pair = readTlsPair({ ...good, key: await make() }, new Date());
    expect(pair).toMatchObject({ ok: false, file: 'key', got });
    expect(JSON.stringify(pair)).not.toContain((await readFile(good.key, 'utf8')).slice(40, 60));
  });
});
