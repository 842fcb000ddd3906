import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOMS } from '../../scripts/lint/room-imports.ts';

const ROOT = join(import.meta.dirname, '../..');
const GLOBALS = ['process', 'Buffer', 'fetch', 'setTimeout', 'require', 'globalThis.process'];

let copy: string;
let output: string;

// One compilation of a copy of the sources, with a file in each room that imports every later room.
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'hookline-rooms-'));
  await cp(join(ROOT, 'src'), join(copy, 'src'), { recursive: true });
  await cp(join(ROOT, 'tsconfig.base.json'), join(copy, 'tsconfig.base.json'));
  await cp(join(ROOT, 'package.json'), join(copy, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  for (const [index, room] of ROOMS.entries()) {
    await writeFile(join(copy, 'src', room, 'probe.ts'), `export const ${room} = 1;\n`);
    const lines = ROOMS.slice(index + 1).map((later) => `export type { ${later} } from '../${later}/probe.ts';\n`);
    await writeFile(join(copy, 'src', room, 'probe-backward.ts'), lines.join('') || 'export {};\n');
  }
  await writeFile(
    join(copy, 'src/workflows/probe-sandbox.ts'),
    GLOBALS.map((name) => `export const ${name.replace('.', '_')}_ = ${name};\n`).join(''),
  );
  const run = promisify(execFile)(join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'src/cli', '--pretty', 'false'], {
    cwd: copy,
    maxBuffer: 16 * 1024 ** 2,
  });
  output = await run.then(
    ({ stdout }) => stdout,
    (error: { readonly stdout: string }) => error.stdout, // it exits with 1 or 2 where it complains
  );
}, 120_000);

afterAll(async () => {
  await rm(copy, { recursive: true });
});

describe('the compiler', () => {
  const backward = ROOMS.flatMap((room, index) => ROOMS.slice(index + 1).map((later, line) => ({ room, later, line: line + 1 })));

  test.each(backward)('refuses an import of $later in $room', ({ room, line }) => {
    expect(output).toContain(`src/${room}/probe-backward.ts(${line},`);
  });

  test('refuses them for being outside the project, and not for something else', () => {
    const codes = [...output.matchAll(/probe-backward\.ts\(\d+,\d+\): error (TS\d+)/g)].map(([, code]) => code);
    expect(new Set(codes)).toEqual(new Set(['TS6307']));
  });

  test.each(GLOBALS.map((name, index) => ({ name, line: index + 1 })))('does not know `$name` in workflow code', ({ line }) => {
    expect(output).toContain(`src/workflows/probe-sandbox.ts(${line},`);
  });
});
