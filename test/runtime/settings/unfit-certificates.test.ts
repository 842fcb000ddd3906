import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCertificates, type Certificates, type TestCertificate } from '../../support/certificates.ts';
import { problemsOf, settingsOf, useSettingsFolder } from '../../support/settings-folder.ts';

const folder = useSettingsFolder();
const yaml = 'ingress:\n  tls:\n    cert: cert.pem\n    key: key.pem\n';
const load = (listeners: readonly ('ingress' | 'admin')[], now = new Date()) => folder.load(yaml, { binding: { listeners, now } });

let certificates: Certificates;
let good: TestCertificate;
beforeAll(async () => {
  certificates = await createCertificates();
  good = await certificates.make();
});
afterAll(() => certificates.close());
const put = async ({ cert, key }: TestCertificate): Promise<void> => {
  await copyFile(cert, join(folder.path(), 'cert.pem'));
  await copyFile(key, join(folder.path(), 'key.pem'));
};

test('a pair that can be served is taken, in the working directory', async () => {
  await put(good);
  expect(settingsOf(load(['ingress', 'admin'])).ingress.tls).toEqual({
    cert: join(folder.path(), 'cert.pem'),
    key: join(folder.path(), 'key.pem'),
  });
});

test('files are read for the listeners that the process binds, and for no other', () => {
  expect(problemsOf(load(['admin']))).toEqual([]);
  expect(problemsOf(load([]))).toEqual([]);
  expect(problemsOf(folder.load(yaml))).toEqual([]);
  expect(problemsOf(load(['ingress']))).toEqual([
    'settings.wrong: expected a readable file, got ENOENT, in hookline.yaml:3\n  fix: check the path, which is relative to the working directory, and that this user may read it',
  ]);
});

test('a key of another certificate is told in its own line, with whatever else is wrong', async () => {
  await put({ ...good, key: (await certificates.make()).key });
  expect(problemsOf(folder.load(`${yaml}  port: 99999\n`, { binding: { listeners: ['ingress'], now: new Date() } }))).toEqual([
    'settings.wrong: expected the private key of the certificate, got the key of another one, in hookline.yaml:4\n  fix: give the two files of one certificate; in the file of the certificate its own stands first, then its chain',
    'settings.wrong: expected an integer from 0 to 65535, got `99999`, in hookline.yaml:5\n  fix: see `docs/settings.md`',
  ]);
});

test('an expired certificate is refused', async () => {
  await put(good);
  const later = new Date(Date.now() + 31 * 86_400_000);
  expect(problemsOf(load(['ingress'], later))).toEqual([
    expect.stringMatching(
      /^settings\.wrong: expected a certificate that is valid now, got one that has expired on .*, in hookline\.yaml:3\n {2}fix: renew it$/,
    ),
  ]);
});

test('what is no PEM is refused, and not quoted', async () => {
  await put(good);
  await writeFile(join(folder.path(), 'key.pem'), 'a-secret-of-somebody');
  const [problem = ''] = problemsOf(load(['ingress']));
  expect(problem).toContain('expected a private key as PEM, without a passphrase, got something else, in hookline.yaml:4');
  expect(problem).not.toContain('a-secret-of-somebody');
});
