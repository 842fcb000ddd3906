import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { effectAction } from '../../src/activities/define-agent.ts';
import { performEffect } from '../../src/activities/effect-ledger.ts';
import { createOutboundHttp, type OutboundHttp } from '../../src/activities/outbound-http.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { callOf, from } from '../support/ledger-calls.ts';

const MIB = 1024 * 1024;
const { signal } = new AbortController();
let database: TestDatabase;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  database = await createDatabase();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(() => database.close());

async function start(listener: RequestListener): Promise<{ readonly url: string; readonly http: OutboundHttp }> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const http = createOutboundHttp({ allow: [url], now: () => new Date() });
  closing.push(
    () => (server.closeAllConnections(), server.close()), // first: what a call still waits for would keep the other from its end
    () => http.close(),
  );
  return { url, http };
}
/** What a call has come to, or that it is still under way after so long. */
const within = (ms: number, call: Promise<unknown>): Promise<unknown> =>
  Promise.race([
    call.then(
      () => 'answered',
      (error: unknown) => error,
    ),
    sleep(ms, 'still under way'),
  ]);

it('a vendor resets the connection after it has taken a call: nobody knows, and it meets the same call under the same key', async () => {
  const keys: unknown[] = [];
  const { url, http } = await start((request, response) => {
    request.resume().on('end', () => {
      keys.push(request.headers['idempotency-key']);
      if (keys.length === 1) request.socket.resetAndDestroy();
      else response.end('{}');
    });
  });
  const action = effectAction({ policy: 'atLeastOnce' }, async (_input: unknown, { effectKey, sending }) => {
    await sending('crm');
    await http.call({ method: 'PUT', url, headers: { 'idempotency-key': effectKey }, body: '{}', signal });
  });
  const call = callOf({ action: 'crm.upsertProfile' });
  const perform = () => performEffect(database.pool, { ...from('run-1', call), action, dryAction: action, signal });
  const row = async () =>
    (
      await database.pool.query<{ readonly line: string }>({
        name: 'test.row',
        text: `SELECT state || ' ' || sends AS line FROM effects WHERE event_uuid = $1`,
        values: [call.eventUuid],
      })
    ).rows[0]?.line;
  await expect(perform()).rejects.toMatchObject({ code: 'http.unavailable', happened: 'unknown' });
  expect(await row()).toBe('unknown 1');
  await perform();
  expect(await row()).toBe('done 2');
  expect(keys).toEqual([expect.stringMatching(/^[\w-]{43}$/), keys[0]]);
  await perform();
  expect(keys).toHaveLength(2);
});

it('a vendor gives its answer a byte at a time: given up when the time of the whole call is over, however lively it is', async () => {
  const { url, http } = await start((_request, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write('x'), 10);
    response.on('close', () => clearInterval(drip));
  });
  expect(await within(5_000, http.call({ method: 'GET', url, timeoutMs: 300, signal }))).toMatchObject({
    code: 'http.unavailable',
    happened: 'unknown',
  });
});

it('a vendor’s answer has no end: given up after a megabyte of it, whatever more there is', async () => {
  let writtenBytes = 0;
  const { url, http } = await start((request, response) => {
    response.writeHead(200);
    const chunk = Buffer.alloc(64 * 1024);
    const more = (): void => {
      while (!response.destroyed && writtenBytes < 256 * MIB) {
        writtenBytes += chunk.length;
        if (!response.write(chunk)) break;
      }
    };
    response.on('drain', more);
    request.resume();
    more();
  });
  expect(await within(8_000, http.call({ method: 'GET', url, signal }))).toMatchObject({ code: 'http.unavailable', happened: 'unknown' });
  expect(writtenBytes).toBeLessThan(64 * MIB); // what lies in the buffers of two sockets counts as well
});
