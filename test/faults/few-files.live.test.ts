import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createChance } from '../../scripts/fuzz-edge/chance.ts';
import { toBytes } from '../../scripts/fuzz-edge/draft-request.ts';
import type { FromEdge, ToEdge } from '../../scripts/fuzz-edge/edge-messages.ts';
import { probe } from '../../scripts/fuzz-edge/probe.ts';
import { makeSound } from '../../scripts/fuzz-edge/sound-request.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { openRaw } from '../support/raw-http.ts';

const PROGRAM = fileURLToPath(new URL('../../scripts/fuzz-edge/edge-process.ts', import.meta.url));
/** Open files that the ingress may have, and more senders than that. */
const FILES = 128;
const STRANGERS = 200;
const TIMEOUT_MS = 1_500;

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.close());

it('an ingress has no file descriptors left: it goes on for whom it has, turns newcomers away, and takes them again by itself', async () => {
  // both limits, since Node raises the soft one to the hard one
  const limited = ['-c', `ulimit -n ${FILES} && exec "$0" "$@"`, process.execPath, PROGRAM];
  const child = spawn('/bin/sh', limited, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const strangers: Socket[] = [];
  const ended = once(child, 'exit');
  try {
    const said = once(child, 'message');
    child.send({ kind: 'start', options: { databaseUrl: database.url, timeoutMs: TIMEOUT_MS } } satisfies ToEdge);
    const [{ port }] = (await said) as [Extract<FromEdge, { readonly kind: 'ready' }>]; // the first of its messages
    const newcomers = () => probe({ port, forMs: 200, everyMs: 20, isNew: true, now: () => new Date() });
    const known = await openRaw(port);
    const sound = toBytes(makeSound(createChance(1, 1), { now: new Date() }));
    const ask = async (): Promise<number> => {
      known.send(sound);
      return (await known.response()).status;
    };
    expect(await ask()).toBe(200);

    let cut = 0;
    for (let at = 0; at < STRANGERS; at += 1) {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.on('connect', () => socket.write('POST /webhooks/hookline HTTP/1.1\r\nHost: a\r\n'));
      socket.on('error', () => {}); // a reset is seen as the close that follows
      socket.on('close', () => (cut += 1));
      strangers.push(socket);
    }
    // turned away at once: there is no file for them
    await expect.poll(() => cut, { interval: 5 }).toBeGreaterThanOrEqual(STRANGERS - FILES);
    expect(await ask()).toBe(200);
    // strangers are given up when their time is over, though none of them goes
    await expect.poll(async () => (await newcomers()).failed, { timeout: 15_000 }).toBe(0);
    expect([await ask(), child.exitCode]).toEqual([200, null]);
    known.destroy();
  } finally {
    for (const socket of strangers) socket.destroy();
    child.kill('SIGKILL');
    await ended;
  }
});
