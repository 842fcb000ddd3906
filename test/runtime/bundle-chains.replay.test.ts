import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log } from '../../src/contracts/names.ts';
import { bundleChains, prebuildChains } from '../../src/runtime/bundle-chains.ts';
import { silentLog } from '../support/silent-log.ts';

const HISTORY = join(import.meta.dirname, '../histories/new-order/0.1.0-done.json');

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-bundle-'));
  file = join(folder, 'made/workflow-bundle.js');
  await prebuildChains({ log: silentLog, file });
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

interface Line {
  readonly state?: unknown;
  readonly message: string;
}

const createLines = (): { readonly log: Log; readonly lines: readonly Line[] } => {
  const lines: Line[] = [];
  return { log: { ...silentLog, info: ({ state }, message) => void lines.push({ state, message }) }, lines };
};

describe('the prebuilt bundle', () => {
  it('is taken where its stamp fits, and replays what was recorded', async () => {
    const { log, lines } = createLines();
    const workflowBundle = await bundleChains(log, file);
    expect(lines).toEqual([{ state: undefined, message: 'chains are taken from the build' }]);
    const history = historyFromJSON(JSON.parse(await readFile(HISTORY, 'utf8')));
    await expect(Worker.runReplayHistory({ workflowBundle }, history)).resolves.toBeUndefined();
  });

  it('is built anew, in memory, where its sources were others', async () => {
    const stale = join(folder, 'stale.js');
    await writeFile(stale, (await readFile(file, 'utf8')).replace(/[0-9a-f]{64}/, '0'.repeat(64)));
    const { log, lines } = createLines();
    const { code } = await bundleChains(log, stale);
    expect(lines).toEqual([{ state: 'stale build', message: 'chains are bundled at start' }]);
    expect(code).toBe((await bundleChains(silentLog, file)).code);
  });

  it('is done without where there is none', async () => {
    const { log, lines } = createLines();
    await bundleChains(log, join(folder, 'none.js'));
    expect(lines).toEqual([{ state: 'no build', message: 'chains are bundled at start' }]);
  });
});
