/** One fenced block of a page. */
export interface PageBlock {
  /** The heading that it stands below. */
  readonly section: string;
  readonly language: string;
  /** The file that it is, or changes, relative to the root. */
  readonly file: string | undefined;
  /** The terminal that it is typed into, where it is not the usual one. */
  readonly terminal: string | undefined;
  readonly text: string;
}

/** Every fenced block of a page, in order. A fence that is never closed is an error. */
export function toPageBlocks(page: string): readonly PageBlock[] {
  const blocks: PageBlock[] = [];
  let section = '';
  const lines = page.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    section = /^##+ (.+)$/.exec(line)?.[1] ?? section;
    const fence = /^```(\w+)(.*)$/.exec(line);
    if (fence === null) continue;
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`line ${at + 1}: a fence that is never closed`);
    const [, language = '', facts = ''] = fence;
    const fact = (name: string): string | undefined => new RegExp(` ${name}=(\\S+)`).exec(facts)?.[1];
    const text = `${lines.slice(at + 1, end).join('\n')}\n`;
    blocks.push({ section, language, file: fact('file'), terminal: fact('terminal'), text });
    at = end;
  }
  return blocks;
}

/** A text with a `diff` block's lines put in: the lines with `-` must stand in it once, one after the other, and give way to those with `+`. */
export function applyDiff(text: string, diff: string): string {
  const of = (mark: string): string =>
    diff
      .split('\n')
      .filter((line) => line.startsWith(mark))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  const parts = text.split(of('-'));
  if (of('-') === '' || parts.length !== 2) throw new Error(`the lines to be replaced stand in the file ${parts.length - 1} times`);
  return parts.join(of('+'));
}

/** The lines of an expected output that an output does not have; `…` stands for anything, and any space for any other. */
export function missingLines(expected: string, output: string): readonly string[] {
  const given = output.split('\n').map(squeeze);
  return expected
    .split('\n')
    .map(squeeze)
    .filter((line) => line !== '')
    .filter((line) => !given.some((one) => fits(line, one)));
}

function squeeze(line: string): string {
  return line.replaceAll(/\s+/g, ' ').trim();
}

/** Whether the parts around each `…` stand in a line, one after the other. */
function fits(expected: string, line: string): boolean {
  let at = 0;
  for (const part of expected.split('…')) {
    const found = line.indexOf(part.trim(), at);
    if (found < 0) return false;
    at = found + part.trim().length;
  }
  return true;
}
