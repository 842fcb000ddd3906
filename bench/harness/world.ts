import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../src/contracts/names.ts';
import { freePort } from '../../src/runtime/free-port.ts';
import { startTemporal } from '../../src/runtime/temporal-server.ts';
import { withoutOurs } from '../../scripts/topology/environment.ts';
import { answersAt, startProgram } from '../../scripts/topology/program.ts';
import type { Database, Databases } from './databases.ts';
import type { Tool, Tools } from './system.ts';

/** What a system is started in: servers of its own, on 127.0.0.1, which end with it. */
export interface World {
  /** Empty, and gone afterwards. */
  readonly folder: string;
  /** By which every webhook is signed. */
  readonly secret: string;
  readonly tools: Tools;
  freePort(): Promise<number>;
  /** Starts a process and waits until it is ready. */
  run(program: WorldProgram): Promise<void>;
  /** Starts `bench/servers/<name>.ts`, which listens on `PORT`, and resolves to its origin. */
  program(name: string, env: Readonly<Record<string, string>>, part?: keyof Pids): Promise<string>;
  /** The same, of a Fastify server; resolves to where it takes webhooks. */
  serve(name: string, env: Readonly<Record<string, string>>): Promise<string>;
  /** An empty database of the embedded PostgreSQL. */
  database(): Promise<Database>;
  /** A Redis that appends each write to its file, and syncs that by this rule; resolves to its port. */
  redis(appendfsync: 'always' | 'everysec'): Promise<number>;
  /** A development server: as `temporal server start-dev` makes it, with a file, or tuned as Hookline does; resolves to its address. */
  temporal(how: 'stock' | 'tuned'): Promise<string>;
  /** Process trees: what the system itself is, the servers that it keeps its data in, and what it calls. */
  pids(): Pids;
  /** Ends everything, the youngest first. */
  close(): Promise<void>;
}

/** Roots of process trees. */
export interface Pids {
  readonly own: readonly number[];
  readonly stores: readonly number[];
  readonly vendors: readonly number[];
}

/** A process of a system. */
export interface WorldProgram {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where it counts. @default own */
  readonly part?: keyof Pids;
  /** Takes connections once it is ready, or tells by a question of its own. */
  readonly ready: number | (() => Promise<boolean>);
}

/** Options of `createWorld`. */
export interface WorldOptions {
  readonly folder: string;
  readonly name: string;
  readonly tools: Tools;
  readonly databases: Databases;
  readonly log: Log;
  readonly signal: AbortSignal;
}

const READY_MS = 60_000;
const STOP_MS = 10_000;
const SERVERS = join(import.meta.dirname, '../servers');

/** Makes an empty world. */
export async function createWorld({ folder, name, tools, databases, log, signal }: WorldOptions): Promise<World> {
  await mkdir(folder, { recursive: true });
  const secret = randomBytes(32).toString('hex');
  const ends: (() => Promise<void>)[] = [];
  const pids = { own: [] as number[], stores: [] as number[], vendors: [] as number[] };
  const failure = new AbortController();
  const run: World['run'] = async ({ name: program, command, args, env, part = 'own', ready }) => {
    const running = await startProgram({
      name: program,
      command,
      args,
      env: { ...withoutOurs(process.env), ...env },
      cwd: folder,
      logFile: join(folder, `${program}.log`),
      isReady: typeof ready === 'number' ? () => answersAt(ready) : ready,
      readyMs: READY_MS,
      stopMs: STOP_MS,
      signal: AbortSignal.any([signal, failure.signal]),
      onDied: (error) => failure.abort(error),
    });
    pids[part].push(running.pid);
    ends.push(running.close);
  };
  const world: World = {
    folder,
    secret,
    tools,
    freePort: () => freePort(),
    run,
    async program(server, env, part = 'own') {
      const port = await freePort();
      const args = [join(SERVERS, `${server}.ts`)];
      await run({ name: server, part, command: process.execPath, args, env: { ...env, PORT: String(port) }, ready: port });
      return `http://127.0.0.1:${port}`;
    },
    serve: async (server, env) => `${await world.program(server, { ...env, WEBHOOK_SECRET: secret })}/webhooks/github`,
    async database() {
      const database = await databases.create(name);
      pids.stores.push(databases.pid);
      ends.push(database.drop);
      return database;
    },
    async redis(appendfsync) {
      const { command, args } = demand(tools.redis, 'redis');
      const port = await freePort();
      const settings = { port, bind: '127.0.0.1', dir: folder, save: '', appendonly: 'yes', appendfsync, 'maxmemory-policy': 'noeviction' };
      const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
      await run({ name: 'redis', part: 'stores', command, args: [...args, ...flags], ready: port });
      return port;
    },
    async temporal(how) {
      const { command } = demand(tools.temporal, 'temporal');
      const dataDir = join(folder, 'temporal');
      if (how === 'tuned') {
        const server = await startTemporal({
          cli: command,
          dataDir,
          headless: true,
          log,
          onExit: (text) => failure.abort(new Error(`Temporal ${text}`)),
        });
        pids.stores.push(server.pid);
        ends.push(server.close);
        return server.address;
      }
      const port = await freePort();
      const file = `${dataDir}.db`;
      const args = ['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--port', String(port), '--db-filename', file];
      await run({ name: 'temporal', part: 'stores', command, args, env: { HOME: folder }, ready: port });
      return `127.0.0.1:${port}`;
    },
    pids: () => pids,
    async close() {
      const failures: unknown[] = failure.signal.aborted ? [failure.signal.reason] : []; // a server that ends by itself has measured nothing
      for (const end of ends.splice(0).toReversed()) await end().catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
    },
  };
  return world;
}

function demand(tool: Tool | undefined, need: string): Tool {
  if (tool === undefined) throw new Error(`a system that wants ${need} says so in its \`needs\``);
  return tool;
}
