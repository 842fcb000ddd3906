import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startProgram, type Program } from '../../../scripts/topology/program.ts';

// sockets and processes, on a machine that does other things
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SCRIPT = `
process.on('SIGTERM', () => { require('node:fs').writeFileSync('asked', ''); process.exit(0); });
require('node:fs').writeFileSync('started', '');
setInterval(() => {}, 1_000);
`;

const WITHIN_MS = 30_000;

let folder: string;
let died: number;
let program: Program;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-program-'));
  died = 0;
  program = await startProgram({
    name: 'sleeper',
    command: process.execPath,
    args: ['-e', SCRIPT],
    env: process.env,
    cwd: folder,
    logFile: join(folder, 'log'),
    isReady: () => isThere('started'),
    readyMs: 60_000,
    stopMs: 60_000,
    signal: new AbortController().signal,
    onDied: () => void (died += 1),
  });
});
afterEach(async () => {
  await program.kill();
  await rm(folder, { recursive: true });
});
const isThere = (name: string): Promise<boolean> =>
  readFile(join(folder, name)).then(
    () => true,
    () => false,
  );
/** `T`: stopped by a signal. */
const state = (): string => execFileSync('ps', ['-o', 'state=', '-p', String(program.pid)], { encoding: 'utf8' }).trim();

it('is stopped in its tracks, and goes on', async () => {
  program.pause();
  await expect.poll(state, { timeout: WITHIN_MS }).toBe('T');
  program.resume();
  await expect.poll(state, { timeout: WITHIN_MS }).not.toBe('T');
  expect(died).toBe(0);
});

it('ends in order when it is asked to, paused as it is', async () => {
  program.pause();
  await expect.poll(state, { timeout: WITHIN_MS }).toBe('T');
  await program.close();
  expect(await isThere('asked')).toBe(true);
  expect(died).toBe(0);
});
