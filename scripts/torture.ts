import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createProgressLine } from '../src/cli/progress-line.ts';
import { listenForStop } from '../src/cli/stop-signals.ts';
import { startPostgres } from '../src/runtime/embedded-postgres.ts';
import { findTemporalCli } from '../src/runtime/find-temporal-cli.ts';
import { createLog } from '../src/runtime/log.ts';
import { createParts } from '../src/runtime/parts.ts';
import { startTemporal } from '../src/runtime/temporal-server.ts';
import { MUTANTS } from './drill/mutants.ts';
import { makePatchedCopy, ROOT } from './drill/patched-copy.ts';
import { allCases } from './torture/choose-cases.ts';
import { MODES } from './torture/io-call.ts';
import { toCaseId, toSiteId } from './torture/io-site.ts';
import { runTorture } from './torture/run-torture.ts';

// Lives an order's life again and again, each time with one of its I/O calls gone wrong: all of them, in every way.

const { values } = parseArgs({
  options: {
    rigs: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    mutant: { type: 'string' },
    list: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const rigs = Number(values.rigs);
const mutant = MUTANTS.find(({ name }) => name === values.mutant);
if (values.help || !Number.isSafeInteger(rigs) || rigs < 1 || (values.mutant !== undefined && mutant === undefined)) {
  console.error(
    [
      'npm run torture -- [--rigs n] [--only text] [--mutant name] [--list] [--json]\n',
      '--rigs    lives at a time, each on processes of its own  [3]',
      '--only    the cases whose id holds this text, such as `ledger.settle#2 cut`  [all]',
      `--mutant  the product with one guard taken out: ${MUTANTS.map(({ name }) => name).join(', ')}`,
      '--list    prints the sites of a life, and breaks none',
      '--json    no progress on stderr',
      `\nEvery site has these modes: ${MODES.join(', ')}. The result is one line of JSON on stdout.`,
      'Exit code 0: all is as promised; 1: it is not, or could not be found out; 2: not understood.',
    ].join('\n'),
  );
  process.exit(values.help ? 0 : 2);
}

const stop = listenForStop();
const line = createProgressLine(process.stderr);
const folder = await mkdtemp(join(tmpdir(), 'hookline-torture-'));
const log = createLog({ level: 'info', destination: { file: join(folder, 'torture.log') }, name: 'torture' });
const parts = createParts(() => {});
const startedAt = performance.now();
let ok = false;
try {
  const onProgress = values.json ? () => {} : line.show;
  onProgress('starting PostgreSQL and Temporal');
  const cli = await findTemporalCli({ env: process.env, progress: () => {} });
  const [postgres, temporal] = await Promise.all([
    parts.add(0, startPostgres({ dataDir: join(folder, 'postgres'), log })),
    parts.add(0, startTemporal({ cli: cli.path, dataDir: join(folder, 'temporal'), headless: true, log })),
  ]);
  const root = mutant === undefined ? ROOT : join(folder, mutant.name);
  if (mutant !== undefined) await makePatchedCopy(root, mutant.patch);
  const result = await runTorture({
    rigs,
    folder,
    root,
    postgresUrl: postgres.url,
    temporalAddress: temporal.address,
    log,
    choose: (sites) => (values.list ? [] : allCases(sites).filter((one) => toCaseId(one).includes(values.only))),
    onProgress,
    signal: stop.signal,
  });
  line.clear();
  if (values.list) for (const site of result.sites) console.error(`${toSiteId(site)}  (${site.seenBy}, ${site.modes.length} modes)`);
  const bad = result.cases.filter(({ problems }) => problems.length > 0);
  ok = bad.length === 0 && result.violations.length === 0;
  console.log(
    JSON.stringify({
      torture: 'order',
      ...(mutant === undefined ? {} : { mutant: mutant.name }),
      ok,
      sites: result.sites.length,
      cases: result.cases.length,
      tookS: Math.round((performance.now() - startedAt) / 1_000),
      done: result.cases.filter(({ state }) => state === 'done').length,
      repaired: result.cases.filter(({ repairs }) => repairs > 0).map(({ id }) => id),
      unknownMails: result.cases.filter(({ code }) => code === 'effect.unknown').map(({ id }) => id),
      slowest: result.cases
        .toSorted((a, b) => b.tookMs - a.tookMs)
        .slice(0, 20)
        .map(({ id, tookMs }) => `${id}: ${tookMs} ms`),
      bad,
      violations: result.violations,
    }),
  );
} catch (error) {
  line.clear();
  if (!stop.signal.aborted) console.error(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
} finally {
  await parts.close();
  await log.close();
  line.clear();
  if (ok || stop.signal.aborted) await rm(folder, { recursive: true, force: true });
  else console.error(`settings and logs are in ${folder}`);
  process.exitCode = stop.signal.aborted ? 130 : ok ? 0 : 1;
}
