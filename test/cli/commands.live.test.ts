import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linesOf, runCli, startCli, type CliResult, type RunningCli } from './run-cli.ts';

// One real stack for all of it: what each test looks for is its own event.
let cwd: string;
let up: RunningCli;
const call = (...args: readonly string[]): Promise<CliResult> => runCli(args, { cwd });
const json = async (...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> =>
  linesOf((await call(...args, '--json')).stdout)[0] ?? {};
/** Sends one event and returns its id. */
const send = async (...args: readonly string[]): Promise<string> => String((await json('trigger', ...args))['eventId']);

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'hookline-cli-'));
  up = startCli(['up', '--any-ports', '--json'], { cwd });
  await up.firstLine;
});

afterAll(async () => {
  await up.signal('SIGINT');
  await rm(cwd, { recursive: true, force: true });
});

describe('up', () => {
  test('tells a program where everything is, without the password of the database', async () => {
    const facts = JSON.parse(await up.firstLine) as Readonly<Record<string, unknown>>; // it prints an object
    expect(Object.keys(facts).sort()).toEqual([
      'adminUrl',
      'held',
      'ingressUrl',
      'mailUrl',
      'publicUrl',
      'temporalAddress',
      'temporalNamespace',
      'temporalUiUrl',
      'warehouseUrl',
    ]);
  });

  test('fills an empty stock, so that the first order finds goods', async () => {
    const { stock } = await json('stock');
    expect(stock).toEqual(
      expect.arrayContaining([
        { sku: 'SOLD-OUT', available: 0 },
        { sku: 'MUG-WHITE', available: expect.any(Number) },
      ]),
    );
  });

  test('refuses a folder that another one uses', async () => {
    const second = await call('up', '--any-ports', '--json');
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('"error":"stack.alreadyRunning"');
  });
});

describe('trigger', () => {
  test('waits until the chain is done, and `events` shows its four effects once each', async () => {
    const done = await call('trigger', 'shopify', 'orders/create', '--wait');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toMatch(
      /^200 {2}accepted .*\n(?:.*\n)?.* new-order {2}done .*http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/shopify\./s,
    );
    const eventId = /^200 {2}accepted +([0-9a-f]{16})/.exec(done.stdout)?.[1] ?? '';
    const { event, runs, effects, deliveries } = await json('events', eventId);
    expect(event).toMatchObject({ source: 'shopify', type: 'order.created', state: 'routed', eventId });
    expect(runs).toEqual([expect.objectContaining({ chain: 'new-order', state: 'done', attempt: 1 })]);
    expect(effects).toEqual(
      ['inventory.reserve', 'email.sendOrderConfirmation', 'fulfilment.notifyWarehouse', 'analytics.record'].map(
        (action) => expect.objectContaining({ action, state: 'done', round: 0 }) as unknown,
      ),
    );
    expect(deliveries).toEqual([expect.objectContaining({ outcome: 'accepted', eventIds: [eventId] })]);
    expect((await call('events', eventId)).stdout).toContain('email.sendOrderConfirmation');
  });

  test('sends several different ones, each with what `--set` asks for', async () => {
    const { code, stdout } = await call(
      'trigger',
      'hookline',
      'order.created',
      '--count',
      '3',
      '--set',
      'data.items.0.sku=SOLD-OUT',
      '--wait',
      '--json',
    );
    const lines = linesOf(stdout);
    expect(code).toBe(0);
    expect(lines.slice(0, 3).map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(new Set(lines.slice(0, 3).map(({ eventId }) => eventId)).size).toBe(3);
    expect(lines.slice(3).map(({ runs }) => runs)).toEqual(Array(3).fill([expect.objectContaining({ state: 'done' })]));
  });

  test('makes one event of many copies with one id', async () => {
    const { code, stdout } = await call('trigger', 'shopify', 'orders/create', '--count', '10', '--same-id', '--json');
    const lines = linesOf(stdout);
    expect(code).toBe(0);
    expect(lines.filter(({ status }) => status === 'accepted')).toHaveLength(1);
    expect(lines.filter(({ status }) => status === 'duplicate')).toHaveLength(9);
    expect(new Set(lines.map(({ eventId }) => eventId)).size).toBe(1);
  });

  test('ends with 1 for a tampered body, which is refused for its signature', async () => {
    const { code, stdout } = await call('trigger', 'shopify', 'orders/create', '--tamper', '--json');
    expect({ code, lines: linesOf(stdout) }).toMatchObject({ code: 1, lines: [{ httpStatus: 401, status: 'refused', eventId: null }] });
    const { deliveries } = await json('deliveries', '--outcome', 'refused', '--cause', 'signature.mismatch', '--limit', '1');
    expect(deliveries).toEqual([expect.objectContaining({ source: 'shopify', httpStatus: 401, eventIds: [] })]);
  });

  test('ends with 1 for an event that no chain wants', async () => {
    const { code, stdout } = await call('trigger', 'hookline', 'order.created', '--set', '/event_type=ping', '--wait', '--json');
    expect({ code, status: linesOf(stdout)[0]?.['status'] }).toEqual({ code: 1, status: 'ignored' });
  });

  test.each([
    [['trigger', 'shopfy', 'orders/create'], 2, 'did you mean `shopify`? there are `'],
    [['trigger', 'shopify', 'orders/creat'], 2, 'did you mean `orders/create`? there are `'],
    [['trigger', 'hookline', 'order.created', '--source', 'shopify'], 2, 'there are `hookline`, `orders`'],
    [['trigger', 'shopify', 'orders/create', '--url', 'http://127.0.0.1:9'], 4, 'start one with `npm start`'],
  ])('%j ends with %d and says what to do', async (args, code, fix) => {
    const result = await call(...args, '--json');
    expect(result.code).toBe(code);
    expect(linesOf(result.stderr).at(-1)?.['fix']).toContain(fix);
  });
});

describe('events and deliveries', () => {
  test('are narrowed by filters', async () => {
    const eventId = await send('hookline', 'order.created', '--set', '/event_type=narrow.filter');
    const { events } = await json(
      'events',
      '--type',
      'hookline:narrow.filter',
      '--state',
      'ignored',
      '--source',
      'hookline',
      '--since',
      '1h',
    );
    expect(events).toEqual([expect.objectContaining({ eventId, state: 'ignored', runs: [] })]);
    expect(await json('events', '--type', 'hookline:narrow.filter', '--run-state', 'done')).toEqual({ events: [], next: null });
    expect(await json('events', '--since', '2100-01-01')).toEqual({ events: [], next: null });
    expect((await call('events', '--since', '2100-01-01')).stdout).toBe('no events\n');
  });

  test('find an event by its UUID, the beginning of it, and the id that the provider wrote', async () => {
    const written = `order 7/${Date.now()}`;
    await send('hookline', 'order.created', '--set', `event_id=${written}`, '--set', 'event_type=find.me');
    const { event } = await json('events', written);
    const { uuid, eventId, providerId } = event as Readonly<Record<string, string>>; // strings, as asserted next
    expect([eventId, providerId]).toEqual([expect.stringMatching(/^x-[a-z2-7]{52}$/), written]);
    for (const text of [uuid ?? '', (uuid ?? '').slice(0, 23)]) expect(await json('events', text)).toMatchObject({ event: { uuid } });
  });

  test('never print a payload, save the body that is asked for, byte for byte', async () => {
    const eventId = await send(
      'hookline',
      'order.created',
      '--set',
      'data.customer_name=Zaphod Beeblebrox',
      '--set',
      'event_type=payload.kept',
    );
    const whole = await call('events', eventId, '--json');
    expect(whole.stdout).not.toContain('Beeblebrox');
    const { deliveries } = linesOf(whole.stdout)[0] as {
      readonly deliveries: readonly { readonly id: string; readonly bodySha256: string }[];
    }; // asserted by what follows
    const [delivery] = deliveries;
    const one = await call('deliveries', delivery?.id ?? '');
    expect(one.stdout).not.toContain('Beeblebrox');
    const { code, stdout } = await call('deliveries', delivery?.id ?? '', '--body');
    expect(code).toBe(0);
    expect(createHash('sha256').update(stdout).digest('hex')).toBe(delivery?.bodySha256);
    expect(JSON.parse(stdout)).toMatchObject({ data: { customer_name: 'Zaphod Beeblebrox' } });
  });

  test('print nothing that a terminal would obey', async () => {
    const evil = '\u001B]0;evil\u0007\u009B31m';
    await call('trigger', 'hookline', 'order.created', '--source', 'orders', '--set', `data.order_id=${evil}`, '--set', `event_id=${evil}`);
    for (const args of [['events'], ['events', evil], ['events', '--json'], ['deliveries']]) {
      const { code, stdout } = await call(...args);
      expect({ args, code, found: /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/.exec(stdout)?.[0] }).toEqual({
        args,
        code: 0,
        found: undefined,
      });
    }
  });

  test.each([
    [['events', 'no-such-event'], 3],
    [['deliveries', '00000000-0000-7000-8000-000000000000'], 3],
    [['deliveries', 'no-such-delivery'], 3],
    [['deliveries', '--body'], 2],
    [['events', '--state', 'lost'], 2],
    [['events', '--since', 'yesterday'], 2],
    [['nonsense'], 2],
    [[], 2],
  ])('%j ends with %d', async (args, code) => {
    expect((await call(...args)).code).toBe(code);
  });
});

describe('stock', () => {
  test('is set, shown, and refused where it makes no sense', async () => {
    expect(await json('stock', 'PEN', '--set', '7')).toEqual({ stock: [{ sku: 'PEN', available: 7 }] });
    expect((await call('stock', 'PEN')).stdout).toBe('SKU  AVAILABLE\nPEN  7\n');
    expect((await call('stock', 'NO-SUCH-SKU')).code).toBe(3);
    expect((await call('stock', '--set', '4')).code).toBe(2);
    expect((await call('stock', 'PEN', '--set', '-1')).code).toBe(2);
  });
});

test('secrets never stand in the log', async () => {
  const secrets = await readFile(join(cwd, '.hookline/secrets.json'), 'utf8');
  const log = await readFile(join(cwd, '.hookline/hookline.log'), 'utf8');
  for (const secret of Object.values((JSON.parse(secrets) as { readonly sources: Readonly<Record<string, string>> }).sources))
    expect(log).not.toContain(secret);
});

test('a question in a folder without a stack ends with 4, and leaves nothing there', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'hookline-cli-'));
  const { code, stderr } = await runCli(['events'], { cwd: empty });
  expect({ code, stderr: stderr.split('\n')[1], left: await readdir(empty) }).toEqual({
    code: 4,
    stderr: '  fix: start one with `npm start`',
    left: [],
  });
  await rm(empty, { recursive: true });
});
