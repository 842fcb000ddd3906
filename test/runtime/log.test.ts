import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { HooklineError } from '../../src/contracts/errors.ts';
import { createLog, type OwnedLog } from '../../src/runtime/log.ts';

let dir: string;
let file: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hookline-log-'));
  file = join(dir, 'deep', 'hookline.log');
});

afterEach(() => rm(dir, { recursive: true, force: true }));

async function linesOf(write: (log: OwnedLog) => void, level: 'debug' | 'info' = 'info'): Promise<readonly Record<string, unknown>[]> {
  const log = createLog({ level, destination: { file }, name: 'ingress' });
  write(log);
  await log.close();
  const text = await readFile(file, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>); // one JSON object a line
}

describe('createLog', () => {
  it('writes one line of level, time, component, pid, fields and message', async () => {
    const [line] = await linesOf((log) => log.info({ source: 'shop', http_status: 200, duration_s: 0.004 }, 'delivery'));
    expect(line).toEqual({
      level: 'info',
      time: line?.['time'],
      component: 'ingress',
      pid: process.pid,
      source: 'shop',
      http_status: 200,
      duration_s: 0.004,
      msg: 'delivery',
    });
    expect(line?.['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it('lets a line name a component and a process of its own, once', async () => {
    await linesOf((log) => log.warn({ component: 'temporal', pid: 77 }, 'stopped'));
    const text = await readFile(file, 'utf8');
    expect(JSON.parse(text)).toMatchObject({ component: 'temporal', pid: 77 });
    expect(text.match(/"component"/g)).toHaveLength(1);
    expect(text.match(/"pid"/g)).toHaveLength(1);
  });

  it('leaves out what is below the level', async () => {
    const lines = await linesOf((log) => {
      log.debug({}, 'small');
      log.error({}, 'large');
    });
    expect(lines.map(({ msg }) => msg)).toEqual(['large']);
  });

  it('lets no other field pass, also where a wider object is given', async () => {
    const wider = { source: 'shop', body: 'payload', secret: 's3cret', authorization: 'Bearer x' };
    const [line] = await linesOf((log) => log.info(wider, 'delivery'));
    expect(Object.keys(line ?? {})).toEqual(['level', 'time', 'component', 'pid', 'source', 'msg']);
  });

  it('writes of an error its type, code, message, frames and causes, and nothing that a driver hung on it', async () => {
    const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (email)=(ada@example.com) exists' });
    const error = new HooklineError('inbox.unavailable', { expected: 'a commit', cause });
    const [line] = await linesOf((log) => log.error({ err: error }, 'failed'));
    expect(line?.['err']).toMatchObject({
      type: 'HooklineError',
      code: 'inbox.unavailable',
      message: 'inbox.unavailable: expected a commit',
      fix: 'see `hookline doctor`; the provider sends it again',
      cause: { type: 'Error', code: '23505', message: 'duplicate key' },
    });
    expect(JSON.stringify(line)).toContain('log.test.ts:');
    expect(JSON.stringify(line)).not.toContain('ada@example.com');
  });

  it('blots out passwords in URLs, in fields and in errors', async () => {
    const lines = await linesOf((log) => {
      log.info({ url: 'postgres://hookline:s3cr:et@127.0.0.1:5432/hookline' }, 'connecting');
      log.error({ err: new Error('connect postgres://hookline:s3cret@host/db failed') }, 'failed');
    });
    expect(lines[0]?.['url']).toBe('postgres://hookline:***@127.0.0.1:5432/hookline');
    expect(JSON.stringify(lines)).not.toContain('s3cr');
  });

  it('does not repeat what the engine quotes of bad JSON', async () => {
    const [line] = await linesOf((log) => {
      try {
        JSON.parse('{"card": 4242424242424242, oops');
      } catch (err) {
        log.warn({ err }, 'unreadable');
      }
    });
    expect(JSON.stringify(line)).not.toContain('4242');
    expect(line?.['err']).toMatchObject({ type: 'SyntaxError' });
  });

  it('survives a cause that is its own', async () => {
    const error = new Error('round');
    error.cause = error;
    const [line] = await linesOf((log) => log.error({ err: error }, 'failed'));
    expect(line).toMatchObject({ err: { message: 'round' } });
  });

  it('adds to the file of an earlier start, which only its owner can read', async () => {
    await linesOf((log) => log.info({}, 'first'));
    const lines = await linesOf((log) => log.info({}, 'second'));
    expect(lines.map(({ msg }) => msg)).toEqual(['first', 'second']);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('drops lines after it is closed', async () => {
    const lines = await linesOf((log) => {
      log.info({}, 'before');
      void log.close();
      log.info({}, 'after');
    });
    expect(lines.map(({ msg }) => msg)).toEqual(['before']);
  });
});
