import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Databases } from '../harness/databases.ts';
import type { Bench, Part, PartResult } from '../harness/part.ts';
import { postOnce } from '../harness/probe.ts';
import { summarise, toSummaryText } from '../harness/statistics.ts';
import { withDatabases } from '../harness/with-system.ts';
import { createWorld } from '../harness/world.ts';
import { createRequests } from '../load/make-requests.ts';

const ROOT = join(import.meta.dirname, '../..');

/** From the command to the first webhook that is accepted. */
export default {
  name: 'startup',
  means: '`hookline up` with its own PostgreSQL and Temporal: from the command to the first accepted webhook',
  long: true,
  run: (bench) => withDatabases(bench, (databases) => measure(bench, databases)),
} satisfies Part;

async function measure(bench: Bench, databases: Databases): Promise<PartResult> {
  const folder = join(bench.folder, 'startup');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  bench.onProgress('startup: the first start, which makes the databases');
  const first = await startOnce(bench, databases, folder);
  const again: number[] = [];
  for (let round = 1; round <= bench.pace.rounds; round += 1) {
    bench.onProgress(`startup: round ${round} of ${bench.pace.rounds}`);
    again.push(await startOnce(bench, databases, folder));
  }
  return {
    tables: [
      {
        title: 'From `hookline up` to the first accepted webhook',
        head: ['start', 'seconds'],
        rows: [
          ['the first in a folder, which makes the databases', toSummaryText(summarise([first]))],
          ['a later one', toSummaryText(summarise(again))],
        ],
        notes: ['With its own PostgreSQL and Temporal, whose programs are on the machine. A webhook is tried every tenth of a second.'],
      },
    ],
    pictures: [],
    measures: [
      { name: 'startup.firstS', values: [first] },
      { name: 'startup.laterS', values: again },
    ],
    guards: [],
    problems: [],
  };
}

/** Seconds until a webhook is accepted. */
async function startOnce(bench: Bench, databases: Databases, folder: string): Promise<number> {
  const { tools, log, signal, bodyBytes } = bench;
  if (tools.temporal === undefined) throw new Error('`hookline up` wants a Temporal');
  const world = await createWorld({ folder, name: 'startup', tools, databases, log, signal });
  try {
    const port = await world.freePort();
    const config = join(folder, 'hookline.yaml');
    const source = "sources:\n  github: { provider: github, secrets: ['${GITHUB_SECRET}'] }\n";
    await writeFile(config, `${source}ingress: { port: ${port} }\n`, { mode: 0o600 });
    const url = `http://127.0.0.1:${port}/webhooks/github`;
    const makeRequest = createRequests({ url, secret: world.secret, bodyBytes });
    const startedAt = performance.now();
    let acceptedAt = NaN;
    await world.run({
      name: 'hookline-up',
      command: process.execPath,
      args: [join(ROOT, 'src/cli/hookline.ts'), '--config', config, 'up', '--any-ports'],
      env: { GITHUB_SECRET: world.secret, TEMPORAL_CLI: tools.temporal.command },
      ready: async () => {
        const status = await postOnce(url, makeRequest());
        if (status === 200) acceptedAt = performance.now();
        return status === 200;
      },
    });
    return (acceptedAt - startedAt) / 1_000;
  } finally {
    await world.close();
  }
}
