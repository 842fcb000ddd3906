import { open, readFile, rename, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { HooklineError } from '../contracts/errors.ts';

const KEPT_BYTES = 16 * 1024 * 1024;
const TAIL_LINES = 8;

/** Runs something with the log open for appending; its descriptor may be handed to a child process. */
export async function withPostgresLog<Result>(file: string, use: (output: FileHandle) => Promise<Result>): Promise<Result> {
  const output = await open(file, 'a', 0o600);
  try {
    return await use(output);
  } finally {
    await output.close();
  }
}

/** Begins a new log once the old one is larger than 16 MiB; one old log is kept. */
export async function rotatePostgresLog(file: string): Promise<void> {
  const bytes = await logBytes(file);
  if (bytes > KEPT_BYTES) await rename(file, `${file}.old`);
}

/** How many bytes the log has now: where the lines of the next start begin. */
export async function logBytes(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/** A `postgres.startFailed` that quotes the last lines that the log got since `from`. */
export async function startFailed(facts: {
  readonly got: string;
  readonly logFile: string;
  readonly from: number;
  readonly fix?: string | undefined;
  readonly cause?: unknown;
}): Promise<HooklineError> {
  const text = await readFile(facts.logFile).then(
    (bytes) => bytes.subarray(facts.from).toString('utf8').trim(),
    () => '',
  );
  const said = text === '' ? '' : `; it said:\n${text.split('\n').slice(-TAIL_LINES).join('\n')}\n`;
  return new HooklineError('postgres.startFailed', {
    got: `${facts.got}${said}`,
    where: facts.logFile,
    cause: facts.cause,
    ...(facts.fix === undefined ? {} : { fix: facts.fix }),
  });
}
