import { beforeAll, describe, expect, test } from 'vitest';
import { ROOMS } from '../../scripts/lint/room-imports.ts';
import { compileCopy } from './copy-of-sources.ts';

const GLOBALS = ['process', 'Buffer', 'fetch', 'setTimeout', 'require', 'globalThis.process'];

let output: string;

// One compilation, with a file in each room that imports every later room.
beforeAll(async () => {
  const files = new Map<string, string>();
  for (const [index, room] of ROOMS.entries()) {
    files.set(`src/${room}/probe.ts`, `export const ${room} = 1;\n`);
    const lines = ROOMS.slice(index + 1).map((later) => `export type { ${later} } from '../${later}/probe.ts';\n`);
    files.set(`src/${room}/probe-backward.ts`, lines.join('') || 'export {};\n');
  }
  const uses = GLOBALS.map((name) => `export const ${name.replace('.', '_')}_ = ${name};\n`);
  files.set('src/workflows/probe-sandbox.ts', uses.join(''));
  output = await compileCopy({ room: 'cli', files });
}, 120_000);

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
