import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker, type WorkflowBundle } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { cases } from '../../scripts/record/cases.ts';
import { bundleChains } from '../../src/runtime/bundle-chains.ts';
import { chains } from '../../src/workflows/catalogue.gen.ts';
import { silentLog } from '../support/silent-log.ts';

const FOLDER = join(import.meta.dirname, '../histories');
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.json'))
  .sort();

let workflowBundle: WorkflowBundle;
beforeAll(async () => {
  workflowBundle = await bundleChains(silentLog);
}, 60_000);

const historyOf = (file: string): object => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as object; // written by `npm run record`

describe('recorded histories', () => {
  it('are there for every chain and each of its cases', () => {
    for (const { name } of chains) {
      const recorded = cases[name] ?? [];
      expect(recorded.length).toBeGreaterThan(0);
      for (const { name: one } of recorded)
        expect(
          files.some((file) => file.startsWith(`${name}/`) && file.endsWith(`-${one}.json`)),
          `${name}: ${one}`,
        ).toBe(true);
    }
  });

  it.each(files)('%s replays', async (file) => {
    await expect(Worker.runReplayHistory({ workflowBundle }, historyFromJSON(historyOf(file)))).resolves.toBeUndefined();
  });

  it('do not replay when a step is another', async () => {
    const text = readFileSync(join(FOLDER, files.find((file) => /^new-order.*-done\.json$/.test(file)) ?? ''), 'utf8');
    const changed = text.replaceAll('"fulfilment.notifyWarehouse"', '"fulfilment.notifyNobody"');
    expect(changed).not.toBe(text);
    await expect(Worker.runReplayHistory({ workflowBundle }, historyFromJSON(JSON.parse(changed)))).rejects.toThrow(/Nondeterminism/);
  });
});
