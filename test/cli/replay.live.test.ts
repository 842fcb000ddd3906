import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesOf, runCli, startCli, type CliResult, type RunningCli } from './run-cli.ts';

const SECRET = '7d1f0c52b9a84e3fa6c1d20b5e87f493';

// A warehouse that refuses what it is told to refuse: the one part of a chain that can be made to fail for good.
let refusing = true;
let warehouse: Server;
let cwd: string;
let up: RunningCli;
const call = (...args: readonly string[]): Promise<CliResult> => runCli(args, { cwd });
/** Sends one event and returns its id. */
const send = async (...args: readonly string[]): Promise<string> =>
  String(linesOf((await call('trigger', 'hookline', 'order.created', ...args, '--json')).stdout)[0]?.['eventId']);
const show = async (eventId: string): Promise<Readonly<Record<string, unknown>>> =>
  linesOf((await call('events', eventId, '--json')).stdout)[0] ?? {};

beforeAll(async () => {
  warehouse = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(refusing ? 422 : 200).end());
  }).listen(0, '127.0.0.1');
  await once(warehouse, 'listening');
  cwd = await mkdtemp(join(tmpdir(), 'hookline-cli-'));
  await writeFile(join(cwd, 'hookline.yaml'), toYaml({ source: '' }));
  await writeFile(join(cwd, 'mended.yaml'), toYaml({ source: ', type: order.created' }));
  up = startCli(['up', '--any-ports', '--json'], { cwd });
  await up.firstLine;
});

afterAll(async () => {
  await up.signal('SIGINT');
  warehouse.close();
  await rm(cwd, { recursive: true, force: true });
});

test('a failed run starts again and goes on where it failed: the mail is not sent twice', async () => {
  refusing = true;
  const sent = await call('trigger', 'hookline', 'order.created', '--wait', '--json');
  const lines = linesOf(sent.stdout);
  const eventId = String(lines[0]?.['eventId']);
  expect(sent.code).toBe(1);
  expect(lines[1]).toMatchObject({ runs: [{ chain: 'new-order', state: 'failed' }] });

  refusing = false;
  const replayed = await call('replay', eventId, '--json');
  expect({ code: replayed.code, lines: linesOf(replayed.stdout) }).toMatchObject({
    code: 0,
    lines: [{ did: 'repaired', runs: [{ chain: 'new-order', attempt: 2 }] }],
  });
  await expect
    .poll(() => show(eventId), { timeout: 30_000, interval: 300 })
    .toMatchObject({ runs: [{ state: 'done', attempt: 2, code: null }] });
  const { effects } = await show(eventId);
  expect((effects as readonly { readonly action: string }[]).filter(({ action }) => action === 'email.sendOrderConfirmation')).toEqual([
    expect.objectContaining({ state: 'done', round: 0, sends: 1 }),
  ]);
  expect(await call('replay', eventId, '--chain', 'no-such-chain')).toMatchObject({ code: 2, stdout: '' });
});

test('an event that nobody wanted is read anew with mended settings, and runs', async () => {
  refusing = false;
  const sent = await call('trigger', 'hookline', 'order.created', '--set', 'event_type=ordr.created', '--json');
  const [{ eventId, status } = {}] = linesOf(sent.stdout);
  expect(status).toBe('ignored');
  expect(await call('replay', String(eventId))).toMatchObject({ code: 1, stdout: expect.stringContaining('still ignored') as string });

  const replayed = await call('replay', String(eventId), '--config', 'mended.yaml', '--json');
  expect({ code: replayed.code, lines: linesOf(replayed.stdout) }).toMatchObject({
    code: 0,
    lines: [{ did: 'routed', runs: [{ chain: 'new-order', attempt: 1 }] }],
  });
  await expect
    .poll(() => show(String(eventId)), { timeout: 30_000, interval: 300 })
    .toMatchObject({ event: { state: 'routed', type: 'order.created' }, runs: [{ state: 'done' }] });
});

test('there is nothing to do for an event that no chain wants, and it says so', async () => {
  const eventId = await send('--set', 'event_type=nobody.wants');
  const reason = 'it is still ignored: no chain wants `hookline:nobody.wants`';
  expect(await call('replay', eventId)).toMatchObject({ code: 1, stdout: `shop ${eventId}: nothing to do: ${reason}\n` });
  const { code, stdout } = await call('replay', eventId, '--json');
  expect({ code, lines: linesOf(stdout) }).toMatchObject({ code: 1, lines: [{ did: 'nothing', reason, runs: [] }] });
});

test('there is nothing to do for an event that does not fit its schema, and it says so', async () => {
  const eventId = await send('--set', 'data.items=[]');
  const { stdout, code } = await call('replay', eventId);
  expect(code).toBe(1);
  expect(stdout).toContain('it is still quarantined: event.schemaMismatch: /lines');
});

test('finished effects happen once more only with `--again`, and only when somebody says yes', async () => {
  refusing = false;
  const eventId = await send('--wait');
  expect(await call('replay', eventId)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('everything is done; `--again` would do it once more') as string,
  });
  expect(await call('replay', eventId, '--again')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('email.sendOrderConfirmation') as string,
  });
  const { code, stdout } = await call('replay', eventId, '--again', '--yes', '--json');
  expect({ code, lines: linesOf(stdout) }).toMatchObject({
    code: 0,
    lines: [{ did: 'repeated', runs: [{ chain: 'new-order', attempt: 2, round: 1 }] }],
  });
  await expect.poll(() => show(eventId), { timeout: 30_000, interval: 300 }).toMatchObject({ runs: [{ state: 'done', attempt: 2 }] });
  const { effects } = await show(eventId);
  const mails = (effects as readonly { readonly action: string; readonly round: number; readonly sends: number }[]).filter(
    ({ action }) => action === 'email.sendOrderConfirmation',
  );
  expect(mails.map(({ round, sends }) => [round, sends])).toEqual([
    [0, 1],
    [1, 1],
  ]);
});

test('a stack with a settings file begins with no stock, and waits for nobody to fill it', async () => {
  expect(linesOf((await call('stock', '--json')).stdout)).toEqual([{ stock: [] }]);
});

test('`--tamper` and a wrong secret are told apart by the advice', async () => {
  await writeFile(join(cwd, 'other.yaml'), toYaml({ source: '' }).replace(SECRET, SECRET.split('').reverse().join('')));
  const other = await call('trigger', 'hookline', 'order.created', '--config', 'other.yaml');
  expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('the signature was refused') as string });
  expect(await call('trigger', 'hookline', 'order.created', '--tamper')).toMatchObject({ code: 1, stderr: '' });
});

function toYaml({ source }: { readonly source: string }): string {
  const { port } = warehouse.address() as AddressInfo; // it listens on TCP
  return `sources:
  shop: { provider: hookline, secrets: ['${SECRET}']${source} }
warehouse: { url: 'http://127.0.0.1:${port}/orders', secret: 'whsec_${Buffer.from(SECRET).toString('base64')}' }
http: { allow: ['127.0.0.1'] }
`;
}
