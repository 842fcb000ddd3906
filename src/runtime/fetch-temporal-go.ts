import { join } from 'node:path';

import { runCommand } from './child.ts';
import type { FetchContext, Fetched } from './fetch-temporal-way.ts';
import { withProgress } from './progress.ts';

/** The last CLI that `go install` can build: later modules have replace directives, which it refuses. Holds server 1.29.1. */
export const GO_CLI_VERSION = '1.5.1';

const BUILD_TIMEOUT_MS = 40 * 60 * 1000;

/** Builds the CLI with the machine's own Go, from module sources that Go checks against its checksum database. Takes minutes. */
export async function fetchTemporalGo(context: FetchContext): Promise<Fetched> {
  const done = await withProgress({
    what: 'building the Temporal CLI with Go (several minutes)',
    progress: context.progress,
    run: () =>
      runCommand({
        command: 'go',
        args: ['install', `github.com/temporalio/cli/cmd/temporal@v${GO_CLI_VERSION}`],
        env: { ...context.env, GOBIN: context.dir, CGO_ENABLED: '0' }, // its SQLite is written in Go: no C compiler is needed
        timeoutMs: BUILD_TIMEOUT_MS,
        signal: context.signal,
      }),
  });
  return done.ok ? { ok: true, path: join(context.dir, 'temporal') } : { ok: false, reason: done.reason };
}
