import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { hasExited } from '../../src/runtime/child.ts';
import { processStartTime, readLive, stopLeftover, writePidFile } from '../../src/runtime/pid-file.ts';

let dir: string;
let path: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hookline-pid-'));
  path = join(dir, 'some.pid');
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(dir, { recursive: true, force: true });
});

/** A process that is up and, where asked, does not heed SIGTERM. */
async function run({ stubborn = false } = {}): Promise<ChildProcess & { readonly pid: number }> {
  const script = `${stubborn ? "process.on('SIGTERM', () => {});" : ''} setInterval(() => {}, 1000); process.stdout.write('up')`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await once(child.stdout, 'data');
  if (child.pid === undefined) throw new Error('not started');
  return Object.assign(child, { pid: child.pid });
}

describe('a pid file', () => {
  it('finds the recorded process while it runs, and what was recorded with it', async () => {
    const child = await run();
    await writePidFile(path, { pid: child.pid, name: 'temporal', facts: { port: 7233 } });
    expect(await readLive(path)).toEqual({
      pid: child.pid,
      startTime: await processStartTime(child.pid),
      name: 'temporal',
      facts: { port: 7233 },
    });
  });

  it('is readable by its owner only', async () => {
    await writePidFile(path, { pid: process.pid, name: 'up' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('finds nothing once the process has ended', async () => {
    const child = await run();
    await writePidFile(path, { pid: child.pid, name: 'temporal' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await readLive(path)).toBeNull();
  });

  it('refuses to record a process that does not run', async () => {
    const child = await run();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect(writePidFile(path, { pid: child.pid, name: 'temporal' })).rejects.toThrow('is not running');
  });

  it.each([
    ['no file', undefined],
    ['an empty file', ''],
    ['half a record', '{"pid":12'],
    ['a record without a start time', '{"pid":1234,"name":"temporal"}'],
    ['a pid that would signal a whole group', '{"pid":-1,"startTime":"x","name":"temporal"}'],
  ])('takes %s for no process', async (_name, text) => {
    if (text !== undefined) await writeFile(path, text);
    expect(await readLive(path)).toBeNull();
    expect(await stopLeftover(path)).toBeNull();
  });
});

describe('stopLeftover', () => {
  it('ends the recorded process and removes the file', async () => {
    const child = await run();
    const record = await writePidFile(path, { pid: child.pid, name: 'temporal' });
    expect(await stopLeftover(path)).toEqual(record);
    expect(await processStartTime(child.pid)).toBeNull();
    await expect(readFile(path)).rejects.toThrow('ENOENT');
  });

  it('ends a process that does not heed the signal by SIGKILL', async () => {
    const child = await run({ stubborn: true });
    const exit = once(child, 'exit');
    await writePidFile(path, { pid: child.pid, name: 'temporal' });
    await stopLeftover(path, { timeoutMs: 100 });
    expect(await exit).toEqual([null, 'SIGKILL']);
  });

  it('leaves a stranger with the recorded pid alone', async () => {
    const stranger = await run();
    const record = await writePidFile(path, { pid: stranger.pid, name: 'temporal' });
    await writeFile(path, JSON.stringify({ ...record, startTime: `${record.startTime}0` }));
    expect(await stopLeftover(path)).toBeNull();
    expect(await processStartTime(stranger.pid)).toBe(record.startTime);
    expect(hasExited(stranger)).toBe(false);
  });
});
