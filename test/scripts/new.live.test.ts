import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ended, ProjectCopy } from './new-copy.ts';
import { copyProject } from './new-copy.ts';

/** A name of two words for each kind, and one of each at the limit of what fits on a line. */
const THINGS = [
  ['provider', 'acme-post'],
  ['event', 'parcel.sent'],
  ['agent', 'courier'],
  ['chain', 'tell-customer'],
  ['provider', `p${'-letters'.repeat(7)}`],
  ['event', `e${'-letters'.repeat(7)}`],
  ['agent', `a${'-letters'.repeat(7)}`],
  ['chain', `c${'-letters'.repeat(7)}`],
] as const;

let copy: ProjectCopy;
const added: { readonly kind: string; readonly ended: Ended }[] = [];
let files: readonly string[];

beforeAll(async () => {
  copy = await copyProject();
  for (const [kind, name] of THINGS) added.push({ kind, ended: await copy.run('node', 'scripts/new.ts', kind, name) });
  files = added.flatMap(({ ended }) => [...ended.output.matchAll(/^(?:written|edited) {2,3}(.+\.ts)$/gm)].map(([, path = '']) => path));
}, 60_000);
afterAll(() => copy.remove());

/** The problems that a tool has with the new files, and with files that speak of them; others are not this test's. */
const about = ({ output }: Ended): readonly string[] => output.split('\n').filter((line) => files.some((file) => line.includes(file)));

describe('npm run new', () => {
  it('writes a file and its test for each kind, and says what is next', () => {
    for (const { kind, ended } of added)
      expect(ended, `the ${kind}`).toMatchObject({ code: 0, output: expect.stringContaining('\nNext:\n- ') as string });
    for (const file of files) expect(existsSync(join(copy.root, file)), `file ${file}`).toBe(true);
    expect(files).toEqual(
      expect.arrayContaining([
        'src/providers/acme-post.ts',
        'test/providers/acme-post.test.ts',
        'src/events/parcel-sent.ts',
        'test/events/parcel-sent.test.ts',
        'src/activities/agents/courier.ts',
        'test/activities/agents/courier.test.ts',
        'src/workflows/chains/tell-customer.ts',
        'test/workflows/chains/tell-customer.test.ts',
        'scripts/record/cases/tell-customer.ts',
      ]),
    );
  });

  it('leaves no generated file stale, and all of it formatted', async () => {
    expect(await copy.run('node', 'scripts/generate.ts', '--check')).toEqual({ code: 0, output: '' });
    expect(about(await copy.run('oxfmt', '--check'))).toEqual([]);
  });

  it('writes what compiles, and what lint has nothing to say about', async () => {
    expect(about(await copy.run('tsc', '-b', '--pretty', 'false'))).toEqual([]);
    const lint = await copy.run('oxlint', '--type-aware', '--deny-warnings', ...files);
    expect(lint.output).toContain('Found 0 warnings and 0 errors');
  });

  it('writes tests that pass, and providers that the shared suite takes', async () => {
    const tests = files.filter((file) => file.endsWith('.test.ts'));
    const { code, output } = await copy.run(
      'vitest',
      'run',
      '--project=unit',
      '--reporter=json',
      '--outputFile=report.json',
      ...tests,
      'test/providers/catalogue.test.ts',
    );
    const report = JSON.parse(await readFile(join(copy.root, 'report.json'), 'utf8')) as { readonly testResults: readonly unknown[] }; // vitest's own form
    expect(report.testResults).toHaveLength(tests.length + 1);
    expect({ code, failed: code === 0 ? '' : output }).toEqual({ code: 0, failed: '' });
  });

  it('tells how it is called, and writes nothing in a dry run', async () => {
    expect(await copy.run('node', 'scripts/new.ts')).toEqual({
      code: 2,
      output: expect.stringContaining('npm run new <kind> <name>') as string,
    });
    const { code, output } = await copy.run('node', 'scripts/new.ts', 'event', 'parcel.weighed', '--dry-run');
    expect({ code, lines: output.split('\n').slice(0, 2) }).toEqual({
      code: 0,
      lines: ['would write  src/events/parcel-weighed.ts', 'would write  test/events/parcel-weighed.test.ts'],
    });
    expect(existsSync(join(copy.root, 'src/events/parcel-weighed.ts'))).toBe(false);
  });

  it('refuses what is there already, and leaves it as it is', async () => {
    const before = await readFile(join(copy.root, 'src/events/parcel-sent.ts'), 'utf8');
    expect(await copy.run('node', 'scripts/new.ts', 'event', 'parcel-sent')).toEqual({
      code: 1,
      output: 'there is src/events/parcel-sent.ts already\nfix: choose another name, or edit that file\n',
    });
    expect(await readFile(join(copy.root, 'src/events/parcel-sent.ts'), 'utf8')).toBe(before);
  });

  it('leaves nothing behind where the generator complains', async () => {
    const cases = await readFile(join(copy.root, 'scripts/record/cases.ts'), 'utf8');
    await writeFile(join(copy.root, 'src/providers/half-done.ts'), 'export const notYet = 1;\n');
    const { code, output } = await copy.run('node', 'scripts/new.ts', 'chain', 'never-there');
    expect({ code, output }).toEqual({
      code: 1,
      output:
        'the generator complains: src/providers/half-done.ts: expected a default export; helpers start with `_` or `define-`\nfix: mend that, and call this again\n',
    });
    for (const file of [
      'src/workflows/chains/never-there.ts',
      'test/workflows/chains/never-there.test.ts',
      'scripts/record/cases/never-there.ts',
    ])
      expect(existsSync(join(copy.root, file)), `file ${file}`).toBe(false);
    expect(await readFile(join(copy.root, 'scripts/record/cases.ts'), 'utf8')).toBe(cases);
  });
});
