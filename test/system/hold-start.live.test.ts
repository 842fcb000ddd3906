import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clearSwitch, setSwitch, type Switch } from '../../src/store/switches.ts';
import { startFaultProxy, through } from '../support/fault-proxy.ts';
import { orderOf, startSystem, type System } from '../support/system.ts';

const HOLD_ALL: Switch = { verb: 'hold', kind: 'all', name: '*' };
const PAUSE: Switch = { verb: 'pause', kind: 'source', name: 'erp' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-hold-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('`ingress --hold` and `worker --hold`', () => {
  let system: System;
  afterEach(() => system.close());

  it('start nothing of what was there, keep what comes, and run all of it once it is released', async () => {
    const cli = join(folder, 'held.mjs');
    const hookline = new URL('../../src/cli/hookline.ts', import.meta.url).href;
    await writeFile(cli, `process.argv.push('--hold');\nawait import(${JSON.stringify(hookline)});\n`);
    system = await startSystem({ cli });
    const { pool } = system.database;
    const proxy = await startFaultProxy(Number(new URL(system.database.url).port));
    try {
      const first = await system.startIngress();
      expect(first.lines).toContainEqual(
        expect.objectContaining({
          msg: 'everything is held until `hookline release --all`',
          cause: expect.stringMatching(/^held since \S+ \S+ by start --hold$/) as string,
        }),
      );
      // what a restored database holds: a run that was to be started
      await setSwitch(pool, PAUSE, { by: 'anna', reason: null });
      await clearSwitch(pool, HOLD_ALL);
      const before = randomUUID();
      const post = async (id: string): Promise<unknown> => (await system.post(first, orderOf(id))).body.status;
      await expect.poll(() => post(randomUUID()), { timeout: 2_000 }).toBe('accepted');
      expect(await post(before)).toBe('accepted');
      await first.kill();

      const ingress = await system.startIngress({ databaseUrl: through(system.database.url, proxy) });
      const worker = await system.startWorker();
      await clearSwitch(pool, PAUSE);
      const after = randomUUID();
      expect((await system.post(ingress, orderOf(after))).body.status).toBe('held');
      for (let sweep = 0; sweep < 3; sweep += 1) await proxy.watch('runs.claim');
      expect((await system.runs()).map(({ state }) => state)).not.toContain('started');
      expect(await system.effects(before)).toEqual([]);
      expect(worker.lines.map(({ msg }) => msg)).toContain('everything is held until `hookline release --all`');

      await clearSwitch(pool, HOLD_ALL);
      const states = async () => new Map((await system.runs()).map(({ event_id, state }) => [event_id, state]));
      for (const id of [before, after])
        await expect.poll(async () => (await states()).get(id), { timeout: 20_000, interval: 100 }).toBe('done');
    } finally {
      await proxy.close();
    }
  });
});
