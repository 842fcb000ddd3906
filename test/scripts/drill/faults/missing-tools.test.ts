import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CannotDrill } from '../../../../scripts/drill/faults/cannot-drill.ts';
import { findFaketime } from '../../../../scripts/drill/faults/find-faketime.ts';
import { mountSmallDisk } from '../../../../scripts/drill/faults/small-disk.ts';
import { createWrongClock } from '../../../../scripts/drill/faults/wrong-clock.ts';
import { makeCommands } from '../command-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-tools-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('faketime', () => {
  it('is asked for its library, behind others that are loaded', async () => {
    const env = await makeCommands(join(folder, 'bin'), { faketime: 'echo /lib/other.so:/lib/faketime/libfaketimeMT.so.1' });
    await expect(findFaketime(env)).resolves.toBe('/lib/faketime/libfaketimeMT.so.1');
  });

  it.each([
    ['is not there', {}, 'ENOENT'],
    ['fails', { faketime: 'echo no such library >&2; exit 1' }, 'no such library'],
    ['names no library', { faketime: 'exit 0' }, 'it names no library'],
  ])('says how to get it where it %s', async (_how, scripts, reason) => {
    const missing = findFaketime(await makeCommands(join(folder, 'bin'), scripts));
    await expect(missing).rejects.toThrow(CannotDrill);
    await expect(missing).rejects.toThrow(reason);
    await expect(missing).rejects.toThrow('apt-get install faketime');
  });
});

describe('a wrong clock', () => {
  it('is wrong in the time of day alone, and can be set meanwhile', async () => {
    const clock = await createWrongClock({ library: '/lib/fake.so', folder, name: 'worker-1', offsetS: 300 });
    const file = join(folder, 'worker-1.clock');
    expect(clock.env).toMatchObject({ LD_PRELOAD: '/lib/fake.so', FAKETIME_TIMESTAMP_FILE: file, DONT_FAKE_MONOTONIC: '1' });
    expect(await readFile(file, 'utf8')).toBe('+300s\n');
    await clock.set(-120);
    expect(await readFile(file, 'utf8')).toBe('-120s\n');
  });
});

describe('a disk of its own', () => {
  it('is refused, with the reason, where nothing may be mounted', async () => {
    const env = await makeCommands(join(folder, 'bin'), { mount: 'echo must be superuser >&2; exit 1' });
    const refused = mountSmallDisk(join(folder, 'disk'), env);
    await expect(refused).rejects.toThrow(CannotDrill);
    await expect(refused).rejects.toThrow(/must be superuser.*run it as root/);
  });

  it('is taken away by force where somebody still has a file open', async () => {
    const calls = join(folder, 'calls');
    const umount = `echo "$@" >> ${calls}; [ "$1" = --lazy ]`;
    const env = await makeCommands(join(folder, 'bin'), { mount: `echo "$@" > ${calls}`, umount });
    const disk = await mountSmallDisk(join(folder, 'disk'), env);
    await disk.close();
    expect((await readFile(calls, 'utf8')).trim().split('\n')).toEqual([
      `-t tmpfs -o size=384m,mode=0700 hookline-drill ${folder}/disk`,
      `${folder}/disk`,
      `--lazy ${folder}/disk`,
    ]);
  });
});
