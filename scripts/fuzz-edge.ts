import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { createProgressLine } from '../src/cli/progress-line.ts';
import { listenForStop } from '../src/cli/stop-signals.ts';
import { DEFAULT_LIMITS } from '../src/ingress/limits.ts';
import { createLog } from '../src/runtime/log.ts';
import { flood } from './fuzz-edge/flood.ts';
import { HOLDS, holdConnections } from './fuzz-edge/hold-connections.ts';
import { runFuzz } from './fuzz-edge/run-fuzz.ts';
import { startDatabase } from './fuzz-edge/start-database.ts';
import { startEdge } from './fuzz-edge/start-edge.ts';
import type { Edge } from './fuzz-edge/start-edge.ts';

// Attacks an ingress of its own on a PostgreSQL of its own, and says what came of it: docs/reliability.md tells more.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    requests: { type: 'string' },
    seed: { type: 'string' },
    from: { type: 'string' },
    idle: { type: 'string' },
    limit: { type: 'string' },
    flood: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
const toNumber = (text: string | undefined, otherwise: number): number => (text === undefined ? otherwise : Number(text));
const numbers = {
  requests: toNumber(values.requests, 100_000),
  seed: toNumber(values.seed, Date.now() % 1_000_000),
  from: toNumber(values.from, 0),
  idle: toNumber(values.idle, 0),
  limit: toNumber(values.limit, DEFAULT_LIMITS.connections),
  perSecond: toNumber(values.flood, 0),
};
const isUnderstood = positionals.length === 0 && Object.values(numbers).every((value) => Number.isSafeInteger(value) && value >= 0);
if (values.help === true || !isUnderstood) {
  console.error(
    [
      'npm run fuzz -- [--requests n] [--seed s] [--from n] [--json]',
      'npm run fuzz -- --idle n [--limit n] [--json]',
      'npm run fuzz -- --flood n [--json]\n',
      '--requests  hostile requests                                          [100000]',
      '--seed      chooses them                                              [another each time]',
      '--from      the case of the seed that comes first                     [0]',
      '--idle      holds so many connections in four ways; new senders come',
      '--limit     the most connections of the ingress                       [1000]',
      '--flood     posts so many unsigned requests a second beside signed ones',
      '--json      no progress on stderr',
      '\nThe verdict is one line of JSON on stdout. Exit code 0: it holds; 1: it does not, or could not be found out; 2: not understood.',
    ].join('\n'),
  );
  process.exit(values.help === true ? 0 : 2);
}

const stop = listenForStop();
const line = createProgressLine(process.stderr);
const show = values.json === true ? () => {} : line.show;
const folder = await mkdtemp(join(tmpdir(), 'hookline-fuzz-'));
const log = createLog({ level: 'info', destination: { file: join(folder, 'fuzz.log') }, name: 'fuzz' });
const now = (): Date => new Date();
let ok = false;
show('starting PostgreSQL');
const database = await startDatabase({ folder, log });
try {
  const databaseUrl = database.url;
  if (numbers.idle > 0) ok = await withEdge({ databaseUrl, connections: numbers.limit }, attackByConnections);
  else if (numbers.perSecond > 0) ok = await withEdge({ databaseUrl }, attackByFlood);
  else ok = await withEdge({ databaseUrl, timeoutMs: 5_000 }, attackByRequests);
} finally {
  await database.close();
  await log.close();
  line.clear();
  await rm(folder, { recursive: true, force: true });
  process.exitCode = stop.signal.aborted ? 130 : ok ? 0 : 1;
}

async function attackByRequests(edge: Edge): Promise<boolean> {
  const onProgress = (said: number): void => show(`${said} of ${numbers.requests} requests, seed ${numbers.seed}`);
  const verdict = await runFuzz({ ...numbers, edge, now, onProgress, signal: stop.signal });
  print(verdict);
  return verdict.ok;
}

async function attackByConnections(edge: Edge): Promise<boolean> {
  let failed = 0;
  for (const hold of HOLDS) {
    show(`${numbers.idle} connections, ${hold}`);
    const held = await holdConnections({ edge, hold, connections: numbers.idle, forMs: 15_000, now });
    print(held);
    failed += held.held.failed;
  }
  return failed === 0 && edge.crash() === undefined;
}

async function attackByFlood(edge: Edge): Promise<boolean> {
  show(`${numbers.perSecond} unsigned requests a second`);
  const flooded = await flood({ edge, perSecond: numbers.perSecond, forMs: 20_000, now });
  print(flooded);
  return flooded.flooded.failed === 0 && flooded.p99Ratio < 2;
}

async function withEdge(options: Parameters<typeof startEdge>[0], attack: (edge: Edge) => Promise<boolean>): Promise<boolean> {
  const edge = await startEdge(options);
  try {
    return await attack(edge);
  } finally {
    await edge.close();
  }
}

function print(document: object): void {
  line.clear();
  console.log(JSON.stringify(document));
}
