import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidV7 } from '../../src/contracts/ids.ts';
import { createPool } from '../../src/store/pool.ts';
import { linesOf, runCli, startCli, type RunningCli } from '../cli/run-cli.ts';
import { readStackFile } from '../../src/runtime/stack-file.ts';
import { silentLog } from '../support/silent-log.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

// `up` as it is started by anybody, with chores that come round quickly.
let cwd: string;
let up: RunningCli;
let facts: Readonly<Record<string, unknown>>;
const json = async (...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> =>
  linesOf((await runCli([...args, '--json'], { cwd })).stdout)[0] ?? {};

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'hookline-chores-'));
  await writeFile(
    join(cwd, 'hookline.yaml'),
    [
      `sources: { shop: { provider: shopify, secrets: ['7d1f0c52b9a84e3fa6c1d20b5e87f493'] } }`,
      'alerts: { mailTo: ops@shop.example, everyMs: 300, refusalsPerMinute: 1 }',
      'retention: { everyMs: 300 }',
      '',
    ].join('\n'),
  );
  up = startCli(['up', '--any-ports', '--json'], { cwd });
  facts = linesOf(await up.firstLine)[0] ?? {};
});
afterAll(async () => {
  await up.signal('SIGINT');
  await rm(cwd, { recursive: true, force: true });
});

describe('a running stack', () => {
  test('mails an operator of a spike of refusals, once, and lists it', async () => {
    for (let sent = 0; sent < 4; sent++) await json('trigger', 'shopify', 'orders/create', '--tamper');
    const alerts = async (): Promise<readonly unknown[]> => {
      const mails = (await (await fetch(`${String(facts['mailUrl'])}/api/mails`)).json()) as readonly { readonly to: unknown }[]; // of its own API
      return mails.filter(({ to }) => JSON.stringify(to).includes('ops@shop.example'));
    };
    await expect.poll(alerts, { timeout: 20_000, interval: 200 }).toHaveLength(1);
    expect(await json('alerts')).toMatchObject({ alerts: [{ rule: 'refusals.spike', target: 'shop' }] });
    expect(await alerts()).toHaveLength(1);
  });

  test('removes what has outlived its age', async () => {
    const { databaseUrl } = await readStackFile(join(cwd, '.hookline'));
    const pool = createPool({ url: databaseUrl, max: 1, applicationName: 'hookline-test', log: silentLog });
    const id = uuidV7(Date.now() - 100 * DAY_MS);
    const count = async (): Promise<number> =>
      (await pool.query({ name: 'test.count', text: 'SELECT 1 FROM deliveries WHERE id = $1', values: [id] })).rows.length;
    await pool.query({
      name: 'test.old',
      text: `INSERT INTO deliveries (id, source, received_at, body_sha256, body_bytes, outcome, http_status, cause)
             VALUES ($1, 'shop', now() - interval '100 days', '\\x00', 0, 'refused', 401, 'signature.mismatch')`,
      values: [id],
    });
    await expect.poll(count, { timeout: 20_000, interval: 200 }).toBe(0);
    await pool.close();
  });
});
