import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startWarehouse, type Warehouse } from '../../src/runtime/warehouse-receiver.ts';
import { silentLog } from '../support/silent-log.ts';

const SECRET = `whsec_${Buffer.from('a secret of the warehouse, 32 by').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('another secret of somebody, 32 b').toString('base64')}`;
const NOW = new Date('2026-11-24T12:00:00Z');
const ORDER = '{"order":"shopify:1001","lines":[{"sku":"MUG","quantity":2}]}';

let dir: string;
let warehouse: Warehouse;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hookline-warehouse-'));
  warehouse = await start();
});

afterEach(async () => {
  await warehouse.close();
  await rm(dir, { recursive: true, force: true });
});

function start(): Promise<Warehouse> {
  return startWarehouse({ dir, secret: SECRET, log: silentLog, now: () => NOW });
}

/** Signed by the reference library, not by our own code. */
function headersOf({ id = 'msg_1', body = ORDER, secret = SECRET, at = NOW } = {}): Record<string, string> {
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

async function post(
  headers: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer> = ORDER,
): Promise<{ readonly status: number; readonly answer: unknown }> {
  const response = await fetch(warehouse.ordersUrl, { method: 'POST', headers, body });
  return { status: response.status, answer: await response.json() };
}

describe('the warehouse', () => {
  it('takes a signed order, on disk before the answer', async () => {
    expect(await post(headersOf())).toEqual({ status: 200, answer: { status: 'received' } });
    const line = { id: 'msg_1', receivedAt: NOW.toISOString(), order: JSON.parse(ORDER) as unknown }; // compared only
    expect(warehouse.orders()).toEqual([line]);
    expect(await readFile(join(dir, 'orders.jsonl'), 'utf8')).toBe(`${JSON.stringify(line)}\n`);
    expect(await (await fetch(warehouse.ordersUrl)).json()).toEqual([line]);
  });

  it('takes each id once, also when copies come at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(headersOf())));
    expect(answers.filter(({ answer }) => JSON.stringify(answer).includes('received'))).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(warehouse.orders()).toHaveLength(1);
  });

  it('remembers orders over a restart, and takes off a line that a crash has cut', async () => {
    await post(headersOf());
    await warehouse.close();
    await appendFile(join(dir, 'orders.jsonl'), '{"id":"msg_2","rec');
    warehouse = await start();
    expect(await post(headersOf())).toMatchObject({ answer: { status: 'duplicate' } });
    expect(await post(headersOf({ id: 'msg_2' }))).toMatchObject({ answer: { status: 'received' } });
    await warehouse.close();
    warehouse = await start();
    expect(warehouse.orders().map(({ id }) => id)).toEqual(['msg_1', 'msg_2']);
  });

  it('takes an order of whose signatures one is right', async () => {
    const headers = headersOf();
    headers['webhook-signature'] = `v1a,xxxx ${new Webhook(OTHER).sign('msg_1', NOW, ORDER)} ${headers['webhook-signature']}`;
    expect(await post(headers)).toMatchObject({ status: 200 });
  });

  it.each([
    ['signed with another secret', headersOf({ secret: OTHER }), 'no signature is right'],
    ['with another body', headersOf({ body: `${ORDER} ` }), 'no signature is right'],
    ['with another id', { ...headersOf(), 'webhook-id': 'msg_2' }, 'no signature is right'],
    ['with a signature of no length', { ...headersOf(), 'webhook-signature': 'v1,' }, 'no signature is right'],
    ['signed 301 s ago', headersOf({ at: new Date(NOW.getTime() - 301_000) }), 'webhook-timestamp is more than 300 s away'],
    ['signed 301 s ahead', headersOf({ at: new Date(NOW.getTime() + 301_000) }), 'webhook-timestamp is more than 300 s away'],
    ['with a time that is no number', { ...headersOf(), 'webhook-timestamp': 'now' }, 'webhook-timestamp is not a time in seconds'],
    [
      'without a signature',
      { 'webhook-id': 'msg_1', 'webhook-timestamp': '1' },
      'a header of webhook-id, webhook-timestamp, webhook-signature is missing',
    ],
  ])('refuses an order %s', async (_name, headers, error) => {
    expect(await post(headers)).toEqual({ status: 401, answer: { error } });
    expect(warehouse.orders()).toEqual([]);
  });

  it('takes an order signed 300 s ago', async () => {
    expect(await post(headersOf({ at: new Date(NOW.getTime() - 300_000) }))).toMatchObject({ status: 200 });
  });

  it.each([
    ['no JSON', 'order'],
    ['no object', '[1]'],
    ['empty', ''],
  ])('refuses a signed body that is %s', async (_name, body) => {
    expect(await post(headersOf({ body }), body)).toEqual({ status: 400, answer: { error: 'the order is not a JSON object' } });
  });

  it('refuses an order over 1 MiB', async () => {
    const body = JSON.stringify({ order: 'x'.repeat(1024 * 1024) });
    expect(await post(headersOf({ body }), body)).toMatchObject({ status: 413 });
  });

  it('shows its orders on a page, escaped', async () => {
    const body = '{"order":"</pre><script>alert(1)</script>"}';
    await post(headersOf({ body }), body);
    const text = await (await fetch(warehouse.url)).text();
    expect(text).toContain('1 order to pack');
    expect(text).not.toContain('<script>');
  });
});
