import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { directNetwork, type DrillNetwork, type Line } from '../../../../scripts/drill/net/network.ts';
import { startNetwork } from '../../../../scripts/drill/net/start-network.ts';
import { createRandom } from '../../../../src/cli/drill/create-random.ts';

// sockets, on a machine that does other things
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const WITHIN_MS = 20_000;
const SLOW_MS = [300, 400] as const;
/** What has not come by then does not come. */
const SILENCE_MS = 200;

let server: Server;
let heard: string;
/** Connections that the server sees. */
let served: Socket[];
let addresses: Readonly<Record<Line, string>>;
let network: DrillNetwork;
const opened: Socket[] = [];
beforeEach(async () => {
  heard = '';
  served = [];
  // says back what it hears
  server = createServer({ allowHalfOpen: true }, (socket) => {
    served.push(socket);
    socket.setEncoding('utf8').on('data', (said: string) => {
      heard += said;
      socket.write(said);
    });
    socket.on('error', () => {}).on('end', () => socket.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const at = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  addresses = { temporal: at, postgres: at, mail: at, warehouse: at, crm: at, team: '127.0.0.1:1' };
  await listen({ slowMs: SLOW_MS });
});
afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  await network.close();
  for (const socket of served) socket.destroy();
  server.close();
});

async function listen({ slowMs }: { readonly slowMs: readonly [number, number] }): Promise<void> {
  network = await startNetwork({ addresses, random: createRandom(1), slowMs });
}

interface Caller {
  readonly socket: Socket;
  /** Everything that it was told. */
  told(): string;
  /** Resolves when it has ended, however. */
  readonly over: Promise<void>;
}

async function call(line: 'crm' | 'team' = 'crm'): Promise<Caller> {
  const [host = '', port = ''] = network.addressOf(line).split(':');
  const socket = connect({ host, port: Number(port) }).setEncoding('utf8');
  opened.push(socket);
  let told = '';
  socket.on('data', (said: string) => (told += said));
  socket.on('error', () => {}); // its close is told
  const over = closed(socket);
  await Promise.race([over, new Promise((go) => socket.once('connect', go))]); // one that ends at once may never have been connected
  return { socket, told: () => told, over };
}
const closed = (socket: Socket | undefined) => new Promise<void>((tell) => socket?.once('close', () => tell()));
const hears = (caller: Caller, what: string) => expect.poll(() => caller.told(), { timeout: WITHIN_MS }).toBe(what);
const isHeard = (what: string) => expect.poll(() => heard, { timeout: WITHIN_MS }).toBe(what);

describe('a line that is whole', () => {
  it('passes on everything, in both directions, to the last byte', async () => {
    const { socket } = await call();
    const much = 'abcdefgh'.repeat(1_500_000);
    socket.pause().end(much); // more than everybody in between can hold
    await expect.poll(() => heard.length, { timeout: WITHIN_MS }).toBe(much.length);
    expect((await text(socket)) === much).toBe(true);
  });

  it('ends on both sides where one breaks, and where nobody is at the other end', async () => {
    const caller = await call();
    caller.socket.write('a');
    await hears(caller, 'a');
    served[0]?.resetAndDestroy();
    await caller.over;
    await (
      await call('team')
    ).over;
    const other = await call();
    expect(other.socket.destroyed).toBe(false);
    other.socket.write('b');
    await hears(other, 'b');
    const gone = closed(served[1]);
    other.socket.resetAndDestroy();
    await gone;
  });
});

describe('a slow line', () => {
  it('answers late, in order, on connections that were there and on new ones', async () => {
    const before = await call();
    network.break('crm', 'slow');
    for (const caller of [before, await call()]) {
      const startedAt = performance.now();
      caller.socket.write('1');
      await hears(caller, '1');
      expect(performance.now() - startedAt).toBeGreaterThanOrEqual(SLOW_MS[0]);
      caller.socket.write('2');
      caller.socket.end('3');
      await caller.over;
      expect(caller.told()).toBe('123');
    }
  });

  it('says at once what it has held back when it is mended', async () => {
    await network.close();
    await listen({ slowMs: [3_600_000, 3_600_001] });
    const caller = await call();
    network.break('crm', 'slow');
    caller.socket.write('1');
    await isHeard('1');
    await expect.poll(() => served[0]?.bytesWritten, { timeout: WITHIN_MS }).toBe(1);
    network.mend('crm');
    caller.socket.write('2');
    await hears(caller, '12');
  });
});

describe('a silent line', () => {
  it('hears and says nothing, and ends what has lost an answer when it is mended', async () => {
    const [caller, idle] = [await call(), await call()];
    network.break('crm', 'silent');
    caller.socket.write('1');
    await isHeard('1');
    await sleep(SILENCE_MS);
    expect(caller.told()).toBe('');
    network.mend('crm');
    await caller.over;
    idle.socket.write('2');
    await hears(idle, '2');
  });
});

describe('a line that drops', () => {
  it('is heard, and ends at the answer', async () => {
    network.break('crm', 'dropping');
    const caller = await call();
    caller.socket.write('1');
    await caller.over;
    expect([heard, caller.told()]).toEqual(['1', '']);
    network.mend('crm');
    const next = await call();
    next.socket.write('2');
    await hears(next, '2');
  });
});

describe('a line that is cut', () => {
  it('ends both sides of every connection of its own, and takes new ones', async () => {
    const [caller, elsewhere] = [await call(), await connectTo('mail')];
    caller.socket.write('1');
    await hears(caller, '1');
    const gone = closed(served[0]);
    network.cut('crm');
    await caller.over;
    await gone;
    const next = await call();
    next.socket.write('2');
    await hears(next, '2');
    expect(elsewhere.destroyed).toBe(false);
  });
});

async function connectTo(line: 'mail'): Promise<Socket> {
  const [host = '', port = ''] = network.addressOf(line).split(':');
  const socket = connect({ host, port: Number(port) });
  opened.push(socket);
  await once(socket, 'connect');
  return socket;
}

it('no line is broken in two ways at once', () => {
  network.break('mail', 'slow');
  expect(() => network.break('mail', 'silent')).toThrow('the line to mail is broken already');
  network.mend('mail');
  network.break('mail', 'silent');
});

it('a line goes on while connections break and faults come and go', async () => {
  let isOver = false;
  const hangUp = async (): Promise<void> => {
    while (!isOver) {
      const { socket } = await call();
      socket.write('x'.repeat(50_000));
      await sleep(5);
      socket.resetAndDestroy();
    }
  };
  const callers = Array.from({ length: 5 }, hangUp);
  for (let round = 0; round < 30; round += 1) {
    network.break('crm', (['slow', 'dropping', 'silent'] as const)[round % 3] ?? 'slow');
    await sleep(2);
    network.cut('crm');
    network.mend('crm');
  }
  isOver = true;
  await Promise.allSettled(callers);
  const caller = await call();
  caller.socket.write('well');
  await once(caller.socket, 'data');
  expect(caller.told()).toBe('well');
});

it('a network with nothing in between leads straight to everything, and breaks nothing', () => {
  const direct = directNetwork({ temporal: 'a:1', postgres: 'a:2', mail: 'a:3', warehouse: 'a:4', crm: 'a:5', team: 'a:6' });
  expect(direct.addressOf('crm')).toBe('a:5');
  expect(() => direct.break('crm', 'slow')).toThrow('`needs`');
  expect(() => direct.mend('crm')).not.toThrow();
});
