import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEventMaker } from '../../../scripts/drill/make-events.ts';
import { createSenderKey } from '../../../scripts/drill/faults/sender-key.ts';
import { createRandom } from '../../../src/cli/drill/create-random.ts';
import { startLoad, type Load, type LoadShape } from '../../../scripts/drill/start-load.ts';

// sockets and processes, on a machine that does other things
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SECRET = 'a secret of the test';
const WITHIN_MS = 10_000;

let server: Server;
let port: number;
let taken: { readonly id: string; readonly signed: boolean; readonly version: string }[];
/** What the next requests are answered; then 200. `reset` ends the connection. */
let statuses: (number | 'reset')[];
let load: Load | undefined;

beforeEach(async () => {
  taken = [];
  statuses = [];
  server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (body: string) => {
      const { event_id, occurred_at } = JSON.parse(body) as { readonly event_id: string; readonly occurred_at: string }; // our own events
      const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
      taken.push({ id: event_id, signed: request.headers['x-webhook-signature'] === signature, version: occurred_at });
      const status = statuses.shift() ?? 200;
      if (status === 'reset') request.socket.resetAndDestroy();
      else response.writeHead(status).end(JSON.stringify({ status: 'accepted' }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterEach(() => {
  load?.close();
  server.closeAllConnections();
  server.close();
});

function start(shape: Partial<LoadShape> = {}): Load {
  const random = createRandom(1);
  const maker = createEventMaker({ name: 'test', random, now: Date.now });
  load = startLoad({
    ratePerS: 0.001,
    copies: 0,
    reordered: 0,
    heldBackMs: 200,
    ...shape,
    maker,
    random,
    ports: () => [port],
    secret: createSenderKey(SECRET),
  });
  return load;
}

describe('the sender of drills', () => {
  it('sends at its rate, signed, and writes down what it was told', async () => {
    const { settle, sent, answers } = start({ ratePerS: 100 });
    await expect.poll(() => sent.length, { timeout: WITHIN_MS }).toBeGreaterThan(10);
    await settle(WITHIN_MS);
    expect(taken.every(({ signed }) => signed)).toBe(true);
    // they are under way side by side: answers come in any order
    const told = new Map(answers.map((answer) => [answer.eventId, `${answer.status} ${answer.told}`]));
    expect(told).toEqual(new Map(sent.map(({ id }) => [id, '200 accepted'])));
    expect(answers).toHaveLength(sent.length);
  });

  it.each([429, 500, 503, 'reset'] as const)('sends again what was answered %s, as a provider does', async (status) => {
    statuses.push(status);
    const { burst, settle, answers } = start();
    burst(1);
    await settle(WITHIN_MS);
    const [first = 0, ...others] = answers.map((answer) => answer.status ?? 'none');
    expect(first).toBe(status === 'reset' ? 'none' : status);
    expect(others.at(-1)).toBe(200);
  });

  it('sends copies beside each event, some of them at once', async () => {
    const { burst, settle, sent } = start({ copies: 3 });
    burst(1);
    await settle(WITHIN_MS);
    expect(taken.length).toBe(4 * sent.length);
    expect(new Set(taken.map(({ id }) => id)).size).toBe(sent.length);
  });

  it('holds events back, so that newer ones overtake them', async () => {
    const { burst, settle } = start({ reordered: 0.5 });
    burst(20);
    await settle(WITHIN_MS);
    const versions = taken.map(({ version }) => version);
    expect(versions).not.toEqual(versions.toSorted());
  });

  it('sends some of each kind at the end, and says which', async () => {
    const { sendTail, sent } = start();
    await sendTail(WITHIN_MS);
    expect(new Set(sent.map(({ chain }) => chain))).toEqual(new Set(['new-order', 'sync-customer', 'follow-ticket', 'welcome-user']));
    expect(sent.every(({ tail }) => tail)).toBe(true);
    expect(new Set(taken.map(({ id }) => id))).toEqual(new Set(sent.map(({ id }) => id)));
  });

  it('sends a known event once more when it is asked to', async () => {
    const { burst, settle, resend, sent } = start();
    burst(1);
    await settle(WITHIN_MS);
    const before = taken.length;
    await resend([sent[0]?.id ?? '', 'an event that nobody knows'], WITHIN_MS);
    expect(taken.slice(before).map(({ id }) => id)).toEqual([sent[0]?.id]);
  });
});

describe('made events', () => {
  it('are the same for the same seed, and each newer than the one before', () => {
    const make = () => {
      const maker = createEventMaker({ name: 'test', random: createRandom(5), now: () => 1_000 });
      return Array.from({ length: 20 }, () => maker.next()).flat();
    };
    expect(make()).toEqual(make());
    const versions = make().map(({ sent }) => sent.entity.version);
    expect(versions).toEqual([...new Set(versions)].toSorted());
  });
});
