import type { Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { SHOP, sign, startIngress, type TestIngress } from '../ingress/ingress-fixture.ts';
import { openRaw, toBytes, type RawConnection } from '../support/raw-http.ts';

/** Long enough to get everything ready on a machine that is busy. */
const TIMEOUT_MS = 1_500;
const REQUEST = toBytes({ path: '/webhooks/shop', headers: [sign('{}')], body: '{}' });

let test: TestIngress | undefined;
const connections: RawConnection[] = [];
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.destroy();
  await test?.ingress.close();
});

/** A connection of which the ingress has read that much. */
async function openAndSend({ port, ingress }: TestIngress, bytes: Uint8Array): Promise<RawConnection> {
  const accepted = new Promise<Socket>((resolve) => ingress.server.once('connection', resolve));
  const connection = await openRaw(port);
  connections.push(connection);
  if (bytes.length > 0) connection.send(bytes);
  const socket = await accepted;
  await expect.poll(() => socket.bytesRead, { interval: 1 }).toBe(bytes.length);
  return connection;
}

/** What is sent meanwhile lies in the kernel; when the stall is over Node looks at its clock before it reads. */
function stall(meanwhile: () => void): Promise<void> {
  return new Promise((resolve) =>
    setImmediate(() => {
      meanwhile();
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TIMEOUT_MS + 200);
      resolve();
    }),
  );
}

it('an ingress stands still for longer than a request may take: it serves what has come meanwhile, and gives up what has not', async () => {
  const limits = { headersTimeoutMs: TIMEOUT_MS, requestTimeoutMs: TIMEOUT_MS, connectionsCheckMs: 20 };
  test = await startIngress({ sources: [SHOP], limits });
  const readBefore = [0, 40, REQUEST.length - 1];
  const whole: RawConnection[] = [];
  for (const count of readBefore) whole.push(await openAndSend(test, REQUEST.subarray(0, count)));
  const partly = await openAndSend(test, REQUEST.subarray(0, 40));
  await stall(() => {
    for (const [at, count] of readBefore.entries()) whole[at]?.send(REQUEST.subarray(count));
    partly.send(REQUEST.subarray(40, -1));
  });
  const statuses = await Promise.all(
    [...whole, partly].map((connection) =>
      connection.response().then(
        ({ status }) => status,
        () => 'closed',
      ),
    ),
  );
  expect(statuses).toEqual([200, 200, 200, 408]);
  expect(test.recorded.deliveries).toHaveLength(3);
  expect(test.recorded.refusals.map(({ code }) => code)).toEqual(['request.timeout']);
});
