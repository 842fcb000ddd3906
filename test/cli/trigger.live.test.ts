import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import standardWebhooks from '../../src/providers/standard-webhooks.ts';
import { linesOf, runCli, startCli, type CliResult, type RunningCli } from './run-cli.ts';

interface Got {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

let cwd: string;
let up: RunningCli;
let elsewhere: Server;
let origin: string;
let status = 204;
const got: Got[] = [];
const call = (...args: readonly string[]): Promise<CliResult> => runCli(args, { cwd });

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'hookline-cli-'));
  elsewhere = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      got.push({ url: request.url, headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  const address = elsewhere.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  up = startCli(['up', '--any-ports', '--json'], { cwd });
  await up.firstLine;
});
beforeEach(() => {
  got.splice(0);
  status = 204;
});
afterAll(async () => {
  await up.signal('SIGINT');
  elsewhere.close();
  await rm(cwd, { recursive: true, force: true });
});

describe('a sample of each provider that has a chain', () => {
  test.each([
    ['shopify', 'orders/create', 'new-order'],
    ['shopify', 'customers/update', 'sync-customer'],
    ['stripe', 'payment_intent.succeeded', 'order-paid'],
    ['zendesk', 'zen:event-type:ticket.priority_changed', 'follow-ticket'],
    ['standard-webhooks', 'user.created', 'welcome-user'],
    ['hookline', 'user.registered', 'welcome-user'],
  ])('`trigger %s %s --wait` ends with `%s` done', async (provider, type, chain) => {
    const { code, stdout, stderr } = await call('trigger', provider, type, '--wait', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [answer, event] = linesOf(stdout);
    expect(answer).toMatchObject({ httpStatus: 200, status: 'accepted' });
    expect(event?.['runs']).toEqual([expect.objectContaining({ chain, state: 'done', attempt: 1 })]);
  });

  test('`notices` tells of the escalated ticket, and nothing that the customer has written', async () => {
    const { code, stdout } = await call('notices');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^TIME +TICKET +ESCALATION +WHY +SENT TO\n20\S+ \S+Z +zendesk:\d+:\d+ +1 +priority urgent +own table\n$/);
    const [document] = linesOf((await call('notices', '--since', '1h', '--limit', '5', '--json')).stdout);
    expect(document).toEqual({
      next: null,
      notices: [
        {
          noticedAt: expect.any(String),
          ticket: expect.stringMatching(/^zendesk:\d+:\d+$/),
          escalation: 1,
          why: 'priority urgent',
          postedTo: null,
        },
      ],
    });
    expect((await call('notices', '--since', '2100-01-01')).stdout).toBe('no notices\n');
  });
});

test('a push of GitHub is verified, stored and ignored, which is exit code 1', async () => {
  const { code, stdout } = await call('trigger', 'github', 'push', '--json');
  expect({ code, lines: linesOf(stdout) }).toMatchObject({ code: 1, lines: [{ httpStatus: 200, status: 'ignored', source: 'github' }] });
});

describe('--forward', () => {
  test('posts to the whole URL, signed, with headers that are signed too where the scheme does that', async () => {
    const url = `${origin}/api/clerk?team=7`;
    const args = [
      'trigger',
      'standard-webhooks',
      'user.created',
      '--forward',
      url,
      '--header',
      'Webhook-Id: msg_mine',
      '--header',
      'X-Trace: t',
    ];
    expect(await call(...args)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^204 {2}- +- {2}\d+ ms\n$/), stderr: '' });
    const [request, ...others] = got;
    expect(others).toEqual([]);
    expect(request).toMatchObject({ url: '/api/clerk?team=7', headers: { 'webhook-id': 'msg_mine', 'x-trace': 't' } });
    const { sources } = JSON.parse(await readFile(join(cwd, '.hookline/secrets.json'), 'utf8')) as {
      readonly sources: Readonly<Record<string, string>>;
    }; // the development secrets
    const lines = Object.entries(request?.headers ?? {}).flatMap(([name, value]) => [name, String(value)]);
    const delivery = { headers: toDeliveryHeaders(lines), body: request?.body ?? Buffer.alloc(0) };
    expect(standardWebhooks.verify(delivery, { secrets: [sources['clerk'] ?? ''], now: new Date() })).toEqual({ ok: true, secretIndex: 0 });
  });

  test('sends a given signature as it is', async () => {
    await call('trigger', 'github', 'push', '--forward', origin, '--header', 'x-hub-signature-256: sha256=00');
    expect(got[0]?.headers).toMatchObject({ 'x-hub-signature-256': 'sha256=00', 'x-github-event': 'push' });
  });

  test('ends with 1 where it is refused there, and says what to look at', async () => {
    status = 401;
    expect(await call('trigger', 'stripe', 'customer.updated', '--forward', origin)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^401 /),
      stderr: 'refused there: does it know the secret of the source `stripe` here?\n',
    });
  });

  test('follows no redirection: another place would get what was signed for this one', async () => {
    status = 307;
    expect(await call('trigger', 'github', 'ping', '--forward', origin)).toMatchObject({ code: 1, stdout: expect.stringMatching(/^307 /) });
  });

  test.each([
    [['--forward', 'http://127.0.0.1:9/x?token=t'], 4],
    [['--forward', 'shop.example'], 2],
    [['--forward', 'http://127.0.0.1:9/', '--url', 'http://127.0.0.1:9'], 2],
    [['--forward', 'http://127.0.0.1:9/', '--wait'], 2],
    [['--header', 'Content-Length: 1'], 2],
  ])('%j ends with %d, and repeats no query', async (options, expected) => {
    const { code, stderr } = await call('trigger', 'github', 'ping', ...options);
    expect({ code, token: stderr.includes('token=') }).toEqual({ code: expected, token: false });
  });
});

test('--forward in a folder without settings ends with 2, and makes no secrets there', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'hookline-cli-'));
  const { code, stderr } = await runCli(['trigger', 'github', 'ping', '--forward', origin], { cwd: empty });
  expect({ code, fix: stderr.split('\n')[1], left: await readdir(empty), got }).toEqual({
    code: 2,
    fix: '  fix: name the settings that hold it by `--config` or `--data`',
    left: [],
    got: [],
  });
  await rm(empty, { recursive: true });
});

test('`--help` lists every provider with the types of its samples', async () => {
  const { code, stdout } = await call('trigger', '--help');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}stripe +checkout\.session\.completed, .*payment_intent\.succeeded, customer\.updated$/m);
});
