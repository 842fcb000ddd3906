import { CommanderError } from 'commander';
import { codeOf, describe, HooklineError, type ErrorCode } from '../contracts/errors.ts';
import { errorTable } from '../contracts/error-table.ts';
import { formatProblem } from '../runtime/settings/settings-problem.ts';
import { toJsonLine, toPrintableLines } from '../admin/printable.ts';
import { ApiFailure } from './api/api-failure.ts';
import { SettingsError } from './settings.ts';

/** Exit codes of every command; `docs/cli.md` tells them. */
export const EXIT = {
  ok: 0,
  /** It ran, and something is not as it should be. */
  failed: 1,
  /** The command line or the settings are wrong. */
  usage: 2,
  /** Nothing has this id. */
  notFound: 3,
  /** No stack runs, or a server cannot be reached. */
  unavailable: 4,
} as const;

/** An exit code. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * Tells an error to a person on stderr, or as one JSON line to a program, and returns the exit code for it. `command` is the one that was
 * called, as a person has to write it, whose help tells what it takes.
 */
export function reportError(
  error: unknown,
  { json, command = 'hookline' }: { readonly json: boolean; readonly command?: string },
): ExitCode {
  const { code, message, fix: general } = toFacts(error);
  const fix = code === 'cli.usage' && general === errorTable['cli.usage'].fix ? `see \`${command} --help\`` : general;
  if (error instanceof SettingsError) tellProblems(error, json);
  else if (json) console.error(toJsonLine({ error: code, message, fix }));
  else console.error(toPrintableLines(`error: ${message}\n  fix: ${fix}`));
  if (code === 'bug.unexpected' && error instanceof Error && !(error instanceof ApiFailure))
    console.error(toPrintableLines(error.stack ?? ''));
  return exitCodeOf(code);
}

function tellProblems({ problems }: SettingsError, json: boolean): void {
  if (json) console.error(toJsonLine({ error: problems[0]?.code, problems }));
  else for (const problem of problems) console.error(toPrintableLines(`error: ${formatProblem(problem)}`));
}

/** Whether a command line asks for JSON: also one that could not be understood. */
export function wantsJson(argv: readonly string[]): boolean {
  return argv.includes('--json');
}

function toFacts(error: unknown): { readonly code: ErrorCode; readonly message: string; readonly fix: string } {
  if (error instanceof HooklineError) return { code: error.code, message: error.message, fix: error.fix };
  if (error instanceof CommanderError)
    return {
      code: 'cli.usage',
      message: describe('cli.usage', { got: error.message.replace(/^error: /, '') }),
      fix: errorTable['cli.usage'].fix,
    };
  return {
    code: codeOf(error),
    message: `bug.unexpected: ${error instanceof Error ? error.message : String(error)}`,
    fix: errorTable['bug.unexpected'].fix,
  };
}

function exitCodeOf(code: ErrorCode): ExitCode {
  if (code === 'cli.usage' || code === 'api.badRequest' || code.startsWith('settings.')) return EXIT.usage;
  if (code === 'cli.notFound' || code === 'api.notFound') return EXIT.notFound;
  return code === 'stack.notRunning' || code === 'api.unreachable' || code.endsWith('.unavailable') ? EXIT.unavailable : EXIT.failed;
}
