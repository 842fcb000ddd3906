import type { WriteStream } from 'node:tty';

/** What is going on, in one line that is written over on a terminal and added to elsewhere. */
export interface ProgressLine {
  show(line: string): void;
  /** Removes the line from a terminal. */
  clear(): void;
}

/** Makes a progress line; without a terminal each line is written once, so that logs stay short. */
export function createProgressLine(stream: Pick<WriteStream, 'write'> & { readonly isTTY?: boolean }): ProgressLine {
  let last = '';
  return {
    show(line) {
      if (stream.isTTY === true) stream.write(`\r\u001B[2K${line}`);
      else if (phaseOf(line) !== phaseOf(last)) stream.write(`${line}\n`);
      last = line;
    },
    clear() {
      if (stream.isTTY === true && last !== '') stream.write('\r\u001B[2K');
      last = '';
    },
  };
}

/** A line without its figures. */
function phaseOf(line: string): string {
  return line.replaceAll(/\d+/g, '');
}
