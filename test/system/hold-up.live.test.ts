import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPool } from '../../src/store/pool.ts';
import { clearSwitch, listSwitches, type Switch } from '../../src/store/switches.ts';
import { linesOf, runCli, startCli } from '../cli/run-cli.ts';
import { silentLog } from '../support/silent-log.ts';

const HOLD_ALL: Switch = { verb: 'hold', kind: 'all', name: '*' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookline-hold-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('holds everything before anything runs, says so and how it ends, and a later start does not end it', { timeout: 120_000 }, async () => {
  const place = { cwd: folder };
  let up = startCli(['up', '--hold', '--any-ports'], place);
  await up.firstLine;
  const sent = await runCli(['trigger', 'shopify', 'orders/create', '--json'], place);
  const [{ eventId, status } = {}] = linesOf(sent.stdout);
  expect(status).toBe('held');
  const { stdout } = await up.signal('SIGINT');
  expect(stdout).toMatch(
    /Everything is held since \S+ \S+ by start --hold: webhooks are taken and kept, and nothing runs\.\n\n {2}npm run hookline -- release --all\n/,
  );

  up = startCli(['up', '--any-ports', '--json'], place);
  expect(JSON.parse(await up.firstLine)).toMatchObject({ held: true });
  const show = async () => linesOf((await runCli(['events', String(eventId), '--json'], place)).stdout)[0];
  expect(await show()).toMatchObject({ event: { state: 'held', code: 'event.held' }, runs: [] });
  const { databaseUrl } = JSON.parse(await readFile(join(folder, '.hookline/stack.json'), 'utf8')) as { readonly databaseUrl: string };
  const pool = createPool({ url: databaseUrl, max: 1, applicationName: 'hookline-test', log: silentLog });
  try {
    expect(await listSwitches(pool)).toMatchObject([{ ...HOLD_ALL, by: 'start --hold' }]);
    await clearSwitch(pool, HOLD_ALL);
  } finally {
    await pool.close();
  }
  await expect.poll(show, { timeout: 30_000, interval: 300 }).toMatchObject({ event: { state: 'routed' }, runs: [{ state: 'done' }] });
  expect((await up.signal('SIGINT')).code).toBe(0);
});
