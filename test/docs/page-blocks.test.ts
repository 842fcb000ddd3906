import { describe, expect, it } from 'vitest';
import { applyDiff, missingLines, toPageBlocks } from './page-blocks.ts';

describe('toPageBlocks', () => {
  it('reads each block with its heading, its file and its terminal', () => {
    const page =
      '# Page\n\n## One\n\n```sh\nls\n```\n\ntext\n\n## Two\n\n```ts file=src/a.ts\nconst a = 1;\n\nconst b = 2;\n```\n```sh terminal=1\nnpm start\n```\n';
    expect(toPageBlocks(page)).toEqual([
      { section: 'One', language: 'sh', file: undefined, terminal: undefined, text: 'ls\n' },
      { section: 'Two', language: 'ts', file: 'src/a.ts', terminal: undefined, text: 'const a = 1;\n\nconst b = 2;\n' },
      { section: 'Two', language: 'sh', file: undefined, terminal: '1', text: 'npm start\n' },
    ]);
  });

  it('refuses a fence that is never closed', () => {
    expect(() => toPageBlocks('```sh\nls\n')).toThrow('line 1: a fence that is never closed');
  });
});

describe('applyDiff', () => {
  it('puts lines in the place of others', () => {
    expect(applyDiff('a\nb\nc\n', '-b\n+x\n+y\n')).toBe('a\nx\ny\nc\n');
  });

  it.each([
    ['are not there', 'a\n', 0],
    ['stand there twice', 'b\nb\n', 2],
  ])('refuses lines that %s', (_case, text, times) => {
    expect(() => applyDiff(text, '-b\n+x\n')).toThrow(`the lines to be replaced stand in the file ${times} times`);
  });
});

describe('missingLines', () => {
  it('finds each line somewhere, whatever the spaces, with `…` for anything', () => {
    expect(missingLines('run done 1\nfailed … code.x\n', 'chain  state\nrun    done   1   20 ms\n  failed 2 s code.x  here')).toEqual([]);
  });

  it('names those that are not there, and reads no pattern in them', () => {
    expect(missingLines('run done 2\na.b\n', 'run done 1\na-b\n')).toEqual(['run done 2', 'a.b']);
  });
});
