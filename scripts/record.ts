import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { TASK_QUEUE } from '../src/contracts/names.ts';
import { findTemporalCli } from '../src/runtime/find-temporal-cli.ts';
import { toProgressLine } from '../src/runtime/progress.ts';
import { installTemporalRuntime } from '../src/runtime/install-temporal-runtime.ts';
import { startTemporal } from '../src/runtime/temporal-server.ts';
import { cases } from './record/cases.ts';
import type { RecordedCase } from './record/cases/recorded-case.ts';
import { SILENT, startScriptedWorker } from './record/scripted-worker.ts';

const ROOT = new URL('..', import.meta.url).pathname;

/** Records every case of a chain on a real server into `test/histories/<chain>/<release>-<case>.json`; an existing file is never changed. */
async function record(chain: string, release: string): Promise<void> {
  const recorded = cases[chain];
  if (recorded === undefined)
    throw new Error(`no cases of \`${chain}\` in scripts/record/cases.ts; there are: ${Object.keys(cases).join(', ')}`);
  const folder = join(ROOT, 'test/histories', chain);
  await mkdir(folder, { recursive: true });
  const dataDir = await mkdtemp(join(tmpdir(), 'hookline-record-'));
  const { path: cli } = await findTemporalCli({ env: process.env, progress: (event) => console.error(toProgressLine(event)) });
  const server = await startTemporal({ cli, dataDir, headless: true, log: SILENT });
  try {
    for (const one of recorded) {
      const file = join(folder, `${release}-${one.name}.json`);
      const written = await writeFile(file, await historyOf(chain, one, server.address), { flag: 'wx' }).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
          throw error;
        },
      );
      console.log(`${written ? 'recorded' : 'kept    '} ${file.slice(ROOT.length)}`);
    }
  } finally {
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function historyOf(chain: string, { name, event, actions }: RecordedCase, address: string): Promise<string> {
  const worker = await startScriptedWorker({ address, namespace: 'default', actions });
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection, identity: 'recorder' });
    const handle = await client.workflow.start(chain, {
      taskQueue: TASK_QUEUE,
      workflowId: `${event.source}.${event.id}-${name}`,
      args: [{ event, attempt: 1, round: 0, ledger: chain, searchAttributes: true }],
    });
    await handle.result().catch(() => undefined); // some cases fail on purpose; the history tells
    const json = historyToJSON(await handle.fetchHistory());
    // stack traces name the folder of whoever records
    return `${JSON.stringify(JSON.parse(json.replaceAll(`file://${ROOT}`, '').replaceAll(ROOT, '')), undefined, 1)}\n`;
  } finally {
    await worker.close();
    await connection.close();
  }
}

installTemporalRuntime(SILENT);
const { positionals } = parseArgs({ allowPositionals: true });
const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }; // npm requires it
for (const chain of positionals.length > 0 ? positionals : Object.keys(cases)) await record(chain, version);
