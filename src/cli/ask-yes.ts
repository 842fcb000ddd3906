import { createInterface } from 'node:readline/promises';
import { HooklineError } from '../contracts/errors.ts';

/** Shows a person at the terminal what would happen, and asks; throws `cli.usage` where there is nobody to ask. */
export async function askYes({ what, instead }: { readonly what: string; readonly instead: string }): Promise<boolean> {
  console.error(what);
  if (!process.stdin.isTTY) throw new HooklineError('cli.usage', { expected: '`--yes`, since there is nobody to ask', got: instead });
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const gone = new AbortController();
  asking.once('close', () => gone.abort()); // Ctrl-C, Ctrl-D: an answer that will never come
  try {
    const answer = await asking.question('Go on? [y/N] ', { signal: gone.signal }).catch(() => '');
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}
