import type { Log } from '../contracts/names.ts';

/** What a process opens beside senders' connections: databases, Temporal, logs, certificates, and what its libraries want. */
const OTHER_FILES = 100;

/** How many connections an ingress may hold: `ingress.maxConnections`, and fewer, with a warning, where it may not open so many files. */
export function fitConnections({
  maxConnections,
  maxFiles,
  log,
}: {
  readonly maxConnections: number;
  /** Null where there is no limit. */
  readonly maxFiles: number | null;
  readonly log: Log;
}): number {
  if (maxFiles === null || maxFiles - OTHER_FILES >= maxConnections) return maxConnections;
  const connections = Math.max(1, maxFiles - OTHER_FILES);
  log.warn(
    {
      component: 'ingress',
      count: connections,
      cause: `${maxFiles} open files are allowed (\`ulimit -n\`), ${maxConnections + OTHER_FILES} are wanted`,
    },
    'fewer connections are held than `ingress.maxConnections` says',
  );
  return connections;
}
