import { runCommand } from '../../../src/runtime/child.ts';
import { CannotDrill } from './cannot-drill.ts';

const ASK_MS = 10_000;

/** The library that `faketime` puts under a program of several threads; throws `CannotDrill` where there is none. */
export async function findFaketime(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const asked = await runCommand({ command: 'faketime', args: ['-m', '-f', '+0', 'printenv', 'LD_PRELOAD'], env, timeoutMs: ASK_MS });
  const library =
    asked.output
      .trim()
      .split(/[\s:]+/)
      .at(-1) ?? '';
  if (asked.ok && library !== '') return library;
  const reason = asked.ok ? 'it names no library' : asked.reason;
  throw new CannotDrill(
    `this drill sets clocks wrong with \`faketime\`, and there is none (${reason}); Debian: \`apt-get install faketime\``,
  );
}
