import { once } from 'node:events';

import { pino } from 'pino';

import { HooklineError } from '../contracts/errors.ts';
import { LOG_FIELDS, type Log, type LogFields } from '../contracts/names.ts';

/** Lines that wait for a slow disk or reader; further ones are dropped. */
const MOST_WAITING_BYTES = 16_000_000;
const LONGEST_TEXT = 2_000;
const DEEPEST_CAUSE = 5;
const FIELDS: ReadonlySet<string> = new Set(LOG_FIELDS);

/** Where lines go. */
export type LogDestination = { readonly stdout: true } | { readonly file: string };

/** Options of `createLog`. */
export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly destination: LogDestination;
  /** Which process writes: `up`, `ingress`, `worker`. Stands in `component` where a line names none. */
  readonly name: string;
}

/** A log with a destination of its own. */
export interface OwnedLog extends Log {
  /** Resolves when every line so far has been handed to the system; later lines are dropped. */
  close(): Promise<void>;
}

/**
 * A log of one JSON line each: `level time component pid`, the fields of `LOG_FIELDS`, `err`, `msg`. No other field passes,
 * typed or not, so that a payload or a secret cannot slip in by a wider object; of an error only type, code, message, stack
 * and causes are written (a driver's error carries rows and commands), and passwords in URLs are blotted out. Lines are
 * written in the background: a killed process may lose its last ones, and a full disk or a reader that has stopped costs
 * lines, never the process. A log file is readable by its owner only.
 */
export function createLog({ level, destination, name }: LogOptions): OwnedLog {
  const stream = toStream(destination);
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (facts: unknown) => facts }, // made by `toErrorFacts`; pino's own would make them anew
    },
    stream,
  );
  const origin = { component: name, pid: process.pid };
  let closed: Promise<unknown> | undefined;
  const write =
    (method: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: LogFields, message: string): void => {
      if (closed === undefined && logger.isLevelEnabled(method)) logger[method](toLine(origin, fields), message);
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    async close() {
      if (closed === undefined) {
        closed = once(stream, 'close').catch(() => {}); // an error: what could not be written is lost
        stream.end();
      }
      await closed;
    },
  };
}

function toStream(destination: LogDestination): ReturnType<typeof pino.destination> {
  const target = 'file' in destination ? { dest: destination.file, mkdir: true, append: true, mode: 0o600 } : { dest: 1 };
  const stream = pino.destination({ ...target, sync: false, maxLength: MOST_WAITING_BYTES });
  stream.on('error', () => {}); // an `error` that nobody hears would end the process
  return stream;
}

function toLine(origin: { readonly component: string; readonly pid: number }, fields: LogFields): Record<string, unknown> {
  const line: Record<string, unknown> = { ...origin };
  for (const [field, value] of Object.entries(fields)) {
    if (field === 'err') line['err'] = toErrorFacts(value, 0);
    else if (FIELDS.has(field) && value !== undefined) line[field] = typeof value === 'string' ? clean(value) : value;
  }
  return line;
}

function toErrorFacts(error: unknown, depth: number): Record<string, unknown> | undefined {
  if (error === undefined || error === null) return undefined;
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : undefined;
  return {
    type: error.name,
    code,
    message: toMessage(error),
    fix: error instanceof HooklineError ? error.fix : undefined,
    stack: toFrames(error.stack),
    cause: depth < DEEPEST_CAUSE ? toErrorFacts(error.cause, depth + 1) : undefined,
  };
}

/** The engine quotes the text in its complaint about JSON: `Unexpected token 'x', "<text>" is not valid JSON`. */
function toMessage(error: Error): string {
  return error instanceof SyntaxError ? (error.message.split(/[,"'`]/, 1)[0] ?? '') : clean(error.message);
}

/** Frames only: the text above them repeats the message. */
function toFrames(stack: string | undefined): string | undefined {
  return stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .map((line) => line.trim())
    .join('\n');
}

function clean(text: string): string {
  return text.slice(0, LONGEST_TEXT).replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/?#@]*):[^\s/?#]*@/gi, '$1:***@');
}
