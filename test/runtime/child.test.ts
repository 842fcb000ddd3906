import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { describe, expect, it } from 'vitest';

import { hasExited, runCommand, stopChild } from '../../src/runtime/child.ts';

const node = (script: string, rest: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
  runCommand({ command: process.execPath, args: ['-e', script], env: process.env, timeoutMs: 10_000, ...rest });

describe('runCommand', () => {
  it('returns what a command wrote to both of its outputs', async () => {
    const result = await node("process.stdout.write('out '); process.stderr.write('err')");
    expect(result.ok).toBe(true);
    expect(result.output).toContain('out ');
    expect(result.output).toContain('err');
  });

  it('tells the exit code and the last line of a command that fails', async () => {
    const result = await node("console.error('first'); console.error('the reason'); process.exitCode = 3");
    expect(result).toMatchObject({ ok: false, reason: `\`${process.execPath}\` ended with 3: the reason` });
  });

  it('tells that there is no such command', async () => {
    const result = await runCommand({ command: '/nowhere/hookline-no-such-command', args: [], env: process.env, timeoutMs: 1_000 });
    expect(result).toMatchObject({ ok: false, reason: '`/nowhere/hookline-no-such-command` could not be run (ENOENT)' });
  });

  it('ends a command that takes longer than it may', async () => {
    const result = await node('setInterval(() => {}, 1000)', { timeoutMs: 150 });
    expect(result).toMatchObject({ ok: false, reason: `\`${process.execPath}\` took longer than 0.15 s` });
  });

  it('ends a command that is cancelled', async () => {
    const result = await node('setInterval(() => {}, 1000)', { signal: AbortSignal.timeout(100) });
    expect(result).toMatchObject({ ok: false, reason: `\`${process.execPath}\` was cancelled` });
  });

  it('keeps the end of a long output', async () => {
    const result = await node("process.stdout.write('x'.repeat(100_000) + 'end')");
    expect(result.output).toMatch(/^x{1000,}end$/);
    expect(result.output.length).toBeLessThan(20_000);
  });
});

describe('stopChild', () => {
  it('resolves for a child that has ended already', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    await stopChild(child, { timeoutMs: 1_000 });
    expect(child.exitCode).toBe(0);
  });

  it('ends a child that does not heed the signal', async () => {
    const child = spawn(process.execPath, [
      '-e',
      "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.stdout.write('up')",
    ]);
    await once(child.stdout, 'data');
    await stopChild(child, { timeoutMs: 50 });
    expect(hasExited(child)).toBe(true);
    expect(child.signalCode).toBe('SIGKILL');
  });
});
