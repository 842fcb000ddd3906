import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { UP_PID_FILE } from '../../src/runtime/stack-file.ts';
import { takeFolder } from '../../src/runtime/take-folder.ts';

const MODULE = new URL('../../src/runtime/take-folder.ts', import.meta.url).href;

it('another process has the data folder: nobody else takes it, until it has ended, however it has', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-one-folder-'));
  /** What a process of its own has come to that takes the folder and ends without giving it back. */
  const takeElsewhere = async (): Promise<string> => {
    const program = `const { takeFolder } = await import(${JSON.stringify(MODULE)});
      console.log(await takeFolder(${JSON.stringify(folder)}).then(() => 'taken', ({ code }) => code)); process.exit();`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
    return stdout.trim();
  };
  try {
    const taken = await takeFolder(folder);
    expect(await takeElsewhere()).toBe('stack.alreadyRunning');
    await taken.close();
    expect(await takeElsewhere()).toBe('taken');
    const again = await takeFolder(folder);
    await again.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('several come for the data folder in one moment: one of them takes it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-one-folder-'));
  try {
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => takeFolder(folder)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of tries) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'stack.alreadyRunning' });
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('a turn that was left behind holds nobody up for long', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-one-folder-'));
  try {
    const taken = await takeFolder(folder);
    await taken.close();
    const turn = join(folder, `${UP_PID_FILE}.turn`);
    await mkdir(turn);
    await utimes(turn, 0, 0);
    await expect(takeFolder(folder)).resolves.toBeDefined();
  } finally {
    await rm(folder, { recursive: true });
  }
});
