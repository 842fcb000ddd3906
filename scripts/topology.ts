import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { parseArgs } from 'node:util';
import { toSources } from '../src/contracts/settings.ts';
import { checkDemo } from '../src/cli/demo/check-demo.ts';
import { playDemo } from '../src/cli/demo/play-demo.ts';
import { createProgressLine, type ProgressLine } from '../src/cli/progress-line.ts';
import { listenForStop } from '../src/cli/stop-signals.ts';
import { createPaint } from '../src/cli/table.ts';
import { world } from '../src/cli/world.ts';
import { loadSettings } from '../src/runtime/load-settings.ts';
import { createLog } from '../src/runtime/log.ts';
import { fillSampleStock } from '../src/runtime/sample-stock.ts';
import { createPool } from '../src/store/pool.ts';
import { createStore } from '../src/store/store.ts';
import { isWell, toTopologyDocument, toTopologyScreen, type Played } from './topology/report.ts';
import { playSecondRound } from './topology/second-round.ts';
import { startTopology, type Topology } from './topology/start-topology.ts';

// Starts what docker-compose.yml describes from packages and plays the demonstration through it: docs/deployment.md tells more.

const { values: options } = parseArgs({ options: { keep: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } } });
if (options.help === true) {
  console.log(
    'npm run topology [-- --keep] [-- --json]\n\n--keep  goes on running until Ctrl-C, and says where everything is\n--json  one document in place of the table',
  );
  process.exit(0);
}

const startedAt = performance.now();
const stop = listenForStop();
const line = createProgressLine(process.stderr);
const folder = await mkdtemp(join(tmpdir(), 'hookline-topology-'));
const log = createLog({ level: 'info', destination: { file: join(folder, 'topology.log') }, name: 'topology' });
let topology: Topology | undefined;
let well = false;
try {
  topology = await startTopology({ folder, log, onProgress: line.show, signal: stop.signal });
  const played = await play(topology, line);
  well = isWell(played);
  line.clear();
  console.log(options.json === true ? JSON.stringify(toTopologyDocument(played)) : toTopologyScreen(played, createPaint(process.stdout)));
  if (options.keep === true) {
    for (const name of ['ingress-1', 'worker-1']) await topology.fleet.restart(name);
    tellWhere(topology);
    await once(topology.signal, 'abort');
    if (!stop.signal.aborted) throw topology.signal.reason;
  }
} catch (error) {
  line.clear();
  log.error({ err: error }, 'the topology has failed');
  // a wait that was given up has the reason as its cause
  const reason = error instanceof Error && error.name === 'AbortError' && error.cause instanceof Error ? error.cause : error;
  if (!stop.signal.aborted) console.error(`error: ${reason instanceof Error ? reason.message : String(reason)}`);
} finally {
  line.show('stopping');
  await topology?.close();
  await log.close();
  line.clear();
  if (well || stop.signal.aborted) await rm(folder, { recursive: true, force: true });
  else console.error(`settings and logs are in ${folder}`);
  process.exitCode = stop.signal.aborted && !well ? 130 : well ? 0 : 1;
}

/** Both rounds, through the proxy, by HTTPS. */
async function play(running: Topology, { show }: ProgressLine): Promise<Played> {
  const { url, authority, databaseUrl, mail, warehouse, environment, signal } = running;
  setDefaultCACertificates([...getCACertificates('default'), authority]);
  const env = { ...Object.fromEntries(environment), DATABASE_URL: databaseUrl };
  const loaded = loadSettings({ file: join(folder, 'logs/ingress-1.yaml'), cwd: folder, env, mode: 'production' });
  if (!loaded.ok) throw new Error(`settings of ingress-1: ${loaded.problems[0]?.expected ?? ''}`);
  const sources = toSources(loaded.settings);
  const pool = createPool({ url: databaseUrl, max: 4, applicationName: 'hookline-topology', log });
  try {
    const store = createStore({ pool });
    await fillSampleStock(store.stock, world.now());
    const common = { store, sources, onProgress: show, signal };
    const facts = await playDemo({
      ...common,
      stack: { ingressUrl: url, mail, warehouse },
      now: world.now(),
      newEventId: world.newEventId,
    });
    const problems = checkDemo(facts);
    signal.throwIfAborted();
    const second = await playSecondRound({ ...common, topology: running });
    return { facts, problems, second, durationS: Math.round((performance.now() - startedAt) / 1_000) };
  } finally {
    await pool.close();
  }
}

function tellWhere({ url, temporalAddress, mail, warehouse, fleet }: Topology): void {
  const rows = [
    ['webhooks', `${url}/webhooks/<source>, certificate ${join(folder, 'tls.crt')}`],
    ['mails', mail.url],
    ['warehouse', warehouse.url],
    ['Temporal', `${temporalAddress}, namespace hookline`],
    ...fleet.names().map((name) => [name, `${fleet.adminUrlOf(name)}, settings and log in ${join(folder, 'logs')}`]),
  ];
  console.error(`\n${rows.map(([what = '', where = '']) => `${what.padEnd(12)}${where}`).join('\n')}\n\nIt runs until Ctrl-C.`);
}
