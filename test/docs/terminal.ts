import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';

/** Where a terminal is opened. */
interface TerminalPlace {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A shell into which one thing is typed after the other: what one line defines, the next one knows. */
export interface Terminal {
  /** Types lines, and resolves with all that they print once they are done; rejects with it where one fails. */
  type(lines: string): Promise<string>;
  close(): Promise<void>;
}

/** A command that goes on until Ctrl-C. */
export interface ForegroundCommand {
  /** Resolves with all that it has printed once that holds a text; rejects where it ends before. */
  until(text: string): Promise<string>;
  /** Ctrl-C, and resolves when everything is over. */
  interrupt(): Promise<void>;
}

/** Opens a terminal. */
export function openTerminal(place: TerminalPlace): Terminal {
  const shell = spawn('sh', ['-s'], { ...place, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const screen = watch(shell);
  shell.stdin.write('set -e\nexec 2>&1\n');
  return {
    async type(lines) {
      const end = `-- ${randomBytes(8).toString('hex')}`;
      const from = screen.text().length;
      shell.stdin.write(`{ ${lines.trimEnd()}\n} </dev/null\necho '${end}'\n`); // no line may read those after it
      await screen.until(end, from);
      return screen.text().slice(from).split(end)[0] ?? '';
    },
    close: () => end(shell, 'SIGKILL'),
  };
}

/** Starts a command in a terminal of its own. */
export function startForeground(command: string, place: TerminalPlace): ForegroundCommand {
  const child = spawn('sh', ['-c', command], { ...place, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const screen = watch(child);
  return { until: (text) => screen.until(text, 0), interrupt: () => end(child, 'SIGINT') };
}

interface Screen {
  text(): string;
  until(wanted: string, from: number): Promise<string>;
}

function watch(child: ChildProcessWithoutNullStreams): Screen {
  let text = '';
  let isOver = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      child.emit('printed');
    });
  }
  child.once('close', () => {
    isOver = true;
    child.emit('printed');
  });
  return {
    text: () => text,
    async until(wanted, from) {
      while (!text.slice(from).includes(wanted)) {
        if (isOver) throw new Error(`it ended with ${String(child.exitCode)}: ${text.slice(from)}`);
        await once(child, 'printed');
      }
      return text;
    },
  };
}

/** Sends a signal to everything that was started from there, as a terminal does. */
async function end(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const closed = once(child, 'close');
  process.kill(-child.pid, signal);
  await closed;
}
