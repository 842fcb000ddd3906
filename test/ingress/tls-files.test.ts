import { copyFile, mkdir, mkdtemp, readFile, rename, symlink, truncate, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TestCertificate } from '../support/certificates.ts';
import { openRawTls } from '../support/raw-http.ts';
import { fingerprintOf, POST, replacePair, useTlsIngresses } from './tls-ingress.ts';

const { start, folder, first, second } = useTlsIngresses();

describe('a renewed certificate', () => {
  test('is served to new connections, while an open one goes on under the old', async () => {
    const { port, ca, files, recorded } = await start();
    const before = await fingerprintOf(port);
    const open = await openRawTls(port, { ca });
    open.send(POST);
    await open.response();
    await replacePair(files, second());
    await expect.poll(() => fingerprintOf(port)).not.toBe(before);
    open.send(POST);
    expect((await open.response()).status).toBe(200);
    const renewed = await openRawTls(port, { ca: await readFile(second().cert) });
    renewed.send(POST);
    expect((await renewed.response()).status).toBe(200);
    await expect(
      openRawTls(port, { rejectUnauthorized: false, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    ).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
    expect(recorded.lines.filter(({ message }) => message === 'new certificate taken')).toHaveLength(1);
    for (const connection of [open, renewed]) connection.destroy();
  });

  test('is seen behind a link to a folder that is swapped, as Kubernetes does', async () => {
    const volume = await mkdtemp(join(folder(), 'volume-'));
    for (const [name, pair] of Object.entries({ first: first(), second: second() })) {
      await mkdir(join(volume, name));
      for (const file of ['cert', 'key'] as const) await copyFile(pair[file], join(volume, name, file));
    }
    await symlink('first', join(volume, '..data'));
    const { port } = await start({}, { cert: join(volume, '..data/cert'), key: join(volume, '..data/key') });
    const before = await fingerprintOf(port);
    await symlink('second', join(volume, '..data_tmp'));
    await rename(join(volume, '..data_tmp'), join(volume, '..data'));
    await expect.poll(() => fingerprintOf(port)).not.toBe(before);
  });

  test.each<[string, (files: TestCertificate) => Promise<unknown>, string]>([
    ['whose key belongs to the old certificate', ({ cert }) => copyFile(second().cert, cert), 'got the key of another one'],
    ['that is half written', ({ cert }) => truncate(cert, 200), 'got something else'],
    ['that is gone', ({ key }) => rename(key, `${key}.gone`), 'got ENOENT'],
  ])('%s leaves the old one, is logged once, and is taken when it is whole', async (_name, spoil, got) => {
    const { port, files, recorded } = await start();
    const before = await fingerprintOf(port);
    const errors = () => recorded.lines.filter(({ level }) => level === 'error');
    await spoil(files);
    await expect.poll(() => errors().length).toBe(1);
    expect(errors()[0]).toMatchObject({ message: 'new certificate not taken', fields: { component: 'tls', code: 'settings.wrong' } });
    expect(String(errors()[0]?.fields.err)).toContain(got);
    await utimes(files.cert, new Date(), new Date()); // another change, and the same complaint
    expect(await fingerprintOf(port)).toBe(before);
    await replacePair(files, second());
    await expect.poll(() => fingerprintOf(port)).not.toBe(before);
    expect(errors()).toHaveLength(1);
  });
});
