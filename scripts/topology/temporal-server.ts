import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../src/runtime/child.ts';
import { findFreePort } from '../../src/runtime/free-port.ts';
import { withoutOurs } from './environment.ts';
import { ROOT } from './compose.ts';
import { answersAt, startProgram, type Program, type ProgramOptions } from './program.ts';
import { substitute } from './substitute.ts';
import type { TemporalBinaries } from './temporal-binaries.ts';

/** What the schema and the server are made with. */
export interface TemporalPlace {
  readonly binaries: TemporalBinaries;
  readonly folder: string;
  readonly databasePort: number;
  /** Of its frontend. */
  readonly port: number;
  /** As compose gives them to the service: with the password. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const SCHEMA_MS = 120_000;
/** As docker-compose.yml mounts it. */
const DYNAMIC_CONFIG = 'deploy/temporal/dynamic-config.yaml';
const PORTS = [
  'FRONTEND_MEMBERSHIP',
  'FRONTEND_HTTP',
  ...['MATCHING', 'HISTORY', 'WORKER'].flatMap((name) => [`${name}_GRPC`, `${name}_MEMBERSHIP`]),
];

/** Free ports from one on, below 32,768: Temporal keeps them in columns of two bytes. */
export async function findTemporalPorts(count: number, from: number): Promise<readonly number[]> {
  const taken = new Set<number>();
  for (let next = from; taken.size < count; next += 1) taken.add(await findFreePort({ host: '127.0.0.1', preferred: next, except: taken }));
  return [...taken];
}

/** Runs `deploy/temporal/schema.sh` with other addresses and paths, and nothing else. */
export async function makeTemporalSchema({ binaries, folder, databasePort, env, signal }: TemporalPlace): Promise<void> {
  const file = 'deploy/temporal/schema.sh';
  const script = substitute(await readFile(join(ROOT, file), 'utf8'), {
    file,
    changes: [
      ['temporal-sql-tool', binaries.sqlTool],
      ['--ep temporal-postgres -p 5432', `--ep 127.0.0.1 -p ${databasePort}`],
      ['/etc/temporal/schema', binaries.schemaFolder],
    ],
  });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'schema.sh'), script);
  const done = await runCommand({
    command: '/bin/sh',
    args: [join(folder, 'schema.sh')],
    env: { ...withoutOurs(process.env), ...env },
    timeoutMs: SCHEMA_MS,
    signal,
  });
  await writeFile(join(folder, 'schema.log'), done.output);
  if (!done.ok) throw new Error(`Temporal's schema: ${done.reason}`);
}

/** Starts the server with the environment of its service, as its image does; ports of its own in place of an address of its own. */
export async function startTemporalServer(
  { binaries, folder, databasePort, port, env, signal }: TemporalPlace,
  { logFile, stopMs, onDied }: Pick<ProgramOptions, 'logFile' | 'stopMs' | 'onDied'>,
): Promise<Program> {
  const ports = await findTemporalPorts(PORTS.length, port + 1);
  return startProgram({
    name: 'temporal',
    command: binaries.server,
    args: ['start'],
    env: {
      ...withoutOurs(process.env),
      ...env,
      ...Object.fromEntries(PORTS.map((name, index) => [`${name}_PORT`, String(ports[index])])),
      FRONTEND_GRPC_PORT: String(port),
      POSTGRES_SEEDS: '127.0.0.1',
      DB_PORT: String(databasePort),
      BIND_ON_IP: '127.0.0.1',
      DYNAMIC_CONFIG_FILE_PATH: join(ROOT, DYNAMIC_CONFIG),
    },
    // where no `config/` is, so that it takes the configuration of its image, which is built in
    cwd: folder,
    logFile,
    isReady: () => answersAt(port),
    readyMs: 120_000,
    stopMs,
    signal,
    onDied,
  });
}
