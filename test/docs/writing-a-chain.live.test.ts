import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../scripts/copy-of-sources.ts';
import type { ProjectCopy } from '../scripts/new-copy.ts';
import { copyProject } from '../scripts/new-copy.ts';
import { applyDiff, missingLines, toPageBlocks } from './page-blocks.ts';
import type { PageBlock } from './page-blocks.ts';
import { openTerminal, startForeground } from './terminal.ts';
import type { ForegroundCommand, Terminal } from './terminal.ts';

// What the page says is done in a copy of the project, in its order. Two things differ: the stack takes any free ports (`$port`), and what
// asks what has become of an event is asked again until the run has ended, as the reader would.
const blocks = toPageBlocks(await readFile(join(ROOT, 'docs/writing-a-chain.md'), 'utf8'));
const sections = [...new Set(blocks.map(({ section }) => section))];
const QUESTION = /^npm run hookline -- events .*$/gm;

let copy: ProjectCopy;
let terminal: Terminal;
let stack: ForegroundCommand | undefined;

beforeAll(async () => {
  copy = await copyProject();
  terminal = openTerminal({ cwd: copy.root, env: copy.env });
});
afterAll(async () => {
  await stack?.interrupt();
  await terminal.close();
  await copy.remove();
});

/** Does what a block says, and asserts what the page says of it. */
async function assertHolds(block: PageBlock, expected: string | undefined): Promise<void> {
  const { language, file, text } = block;
  if (language === 'text') return; // looked at with the block above it
  if (language === 'sh') return block.terminal === undefined ? assertPrints(text, expected) : restart(text);
  if (file === undefined) throw new Error(`a block of \`${language}\` without a file: nobody would know where it goes`);
  const path = join(copy.root, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, language === 'diff' ? applyDiff(await readFile(path, 'utf8'), text) : text);
}

async function assertPrints(text: string, expected: string | undefined): Promise<void> {
  const lines = text.replaceAll('127.0.0.1:8787', '127.0.0.1:$port');
  const questions = lines.match(QUESTION) ?? [];
  const output = await terminal.type(lines.replaceAll(QUESTION, ':'));
  const ask = async (): Promise<string> => `${output}\n${(await Promise.all(questions.map((line) => terminal.type(line)))).join('\n')}`;
  if (expected === undefined) await ask();
  else if (questions.length === 0) expect({ missing: missingLines(expected, output), output }).toEqual({ missing: [], output });
  else await expect.poll(async () => missingLines(expected, await ask()), { timeout: 30_000, interval: 200 }).toEqual([]);
}

async function restart(command: string): Promise<void> {
  await stack?.interrupt();
  stack = startForeground(command.replace('npm start', 'npm start -- --any-ports'), { cwd: copy.root, env: copy.env });
  const port = /post to +http:\/\/127\.0\.0\.1:(\d+)/.exec(await stack.until('Ctrl-C'))?.[1];
  await terminal.type(`port=${port ?? ''}`);
}

describe('docs/writing-a-chain.md', () => {
  it('has an answer only below what is typed, and nothing that would not be looked at', () => {
    expect(blocks.filter(({ language }, index) => language === 'text' && blocks[index - 1]?.language !== 'sh')).toEqual([]);
    expect(blocks.filter(({ language, file }) => file === undefined && language !== 'sh' && language !== 'text')).toEqual([]);
  });

  it.each(sections)(
    'holds what it says under %s',
    async (section) => {
      const steps = blocks.filter((block) => block.section === section);
      for (const [index, block] of steps.entries()) {
        const answer = steps[index + 1];
        await assertHolds(block, answer?.language === 'text' ? answer.text : undefined);
      }
    },
    120_000,
  );

  it('sends two mails, each with the page of its carrier', async () => {
    const folder = join(copy.root, '.hookline/mails');
    const mails = await Promise.all(
      // their names sort by receipt
      (await readdir(folder, { encoding: 'utf8' }))
        .sort()
        .flatMap((file) => (file.endsWith('.eml') ? readFile(join(folder, file), 'utf8') : [])),
    );
    expect(mails.map((mail) => /^Subject: (.*)$/m.exec(mail)?.[1]?.trim())).toEqual([
      'Your parcel JD014 is on its way',
      'Your parcel H7 is on its way',
    ]);
    expect(mails[1]).toContain('https://hermes.example/parcel/H7');
  });

  it('leads to a page of the Temporal UI, where the run has its summary', async () => {
    const answer = await terminal.type('npm run --silent hookline -- events parcel-1 --json');
    const { runs } = JSON.parse(answer) as { readonly runs: readonly { readonly temporalUrl: string; readonly workflowId: string }[] }; // its own form
    const [run] = runs;
    expect((await fetch(run?.temporalUrl ?? '')).status).toBe(200);
    const { origin } = new URL(run?.temporalUrl ?? '');
    const described = (await (await fetch(`${origin}/api/v1/namespaces/default/workflows/${run?.workflowId ?? ''}`)).json()) as {
      readonly executionConfig: { readonly userMetadata: { readonly summary: { readonly data: string } } };
    }; // Temporal's own form
    expect(Buffer.from(described.executionConfig.userMetadata.summary.data, 'base64').toString()).toBe('"Parcel hookline:P1"');
  });

  it('leaves a project behind that `npm run check` has nothing to say about', async () => {
    const files = blocks.flatMap(({ file, language }) => (file?.endsWith('.ts') === true && language === 'ts' ? [file] : []));
    expect(files.filter((file) => !existsSync(join(copy.root, file)))).toEqual([]);
    expect(await copy.run('node', 'scripts/generate.ts', '--check')).toEqual({ code: 0, output: '' });
    expect(await copy.run('oxfmt', '--check', ...files)).toMatchObject({ code: 0 });
    expect((await copy.run('oxlint', '--type-aware', '--deny-warnings', ...files)).output).toContain('Found 0 warnings and 0 errors');
  });
});
