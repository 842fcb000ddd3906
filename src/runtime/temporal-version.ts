import { runCommand } from './child.ts';

/** Older servers lack what the chains rely on: the first one without known faults in what we use. */
export const OLDEST_SERVER = [1, 29, 1] as const;
/** All of the environment that the CLI gets, but for a home: TEMPORAL_* and what else the user has set would change what it does. */
export const CLI_PATH = '/usr/local/bin:/usr/bin:/bin';

const TIMEOUT_MS = 10_000;

/** What a Temporal CLI says of itself. */
export type TemporalVersion = { readonly ok: true; readonly server: string } | { readonly ok: false; readonly reason: string };

/** Runs `--version`, within 10 s and without any settings of the user's, and tells the version of the server inside; one older than 1.29.1 will not do. */
export async function readTemporalVersion(cli: string): Promise<TemporalVersion> {
  const answer = await runCommand({ command: cli, args: ['--version'], env: { PATH: CLI_PATH }, timeoutMs: TIMEOUT_MS });
  if (!answer.ok) return { ok: false, reason: answer.reason };
  const server = /^temporal version .*\(Server (\d+\.\d+\.\d+)/m.exec(answer.output)?.[1];
  if (server === undefined) return { ok: false, reason: `\`${cli} --version\` does not answer as a Temporal CLI with a server` };
  if (isOlder(server)) return { ok: false, reason: `\`${cli}\` holds server ${server}, older than ${OLDEST_SERVER.join('.')}` };
  return { ok: true, server };
}

/** Whether a server lacks what the chains rely on. */
export function isOlder(version: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, oldest] of OLDEST_SERVER.entries()) {
    const part = parts[index] ?? 0;
    if (part !== oldest) return part < oldest;
  }
  return false;
}
