import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { startEagerly } from '../../src/ingress/start-eagerly.ts';
import { classifyStartError } from '../../src/ingress/start-error.ts';
import type { TemporalClient } from '../../src/runtime/temporal-client.ts';
import '../support/quiet-temporal.ts';
import { createNamespace } from '../support/temporal.ts';

const DEADLINE_MS = 500;
let temporal: TemporalClient;
let proxy: Server;
let native: NativeConnection;
const sockets = new Set<Socket>();

beforeAll(async () => {
  temporal = await createNamespace();
  const port = Number(inject('temporalAddress').split(':')[1]);
  proxy = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => {}));
    client.pipe(upstream).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  native = await NativeConnection.connect({ address: `127.0.0.1:${(proxy.address() as AddressInfo).port}` });
});
afterAll(async () => {
  await native.close();
  for (const socket of sockets) socket.destroy();
  await temporal.close();
});

const requestOf = (workflowId: string) => ({
  namespace: temporal.namespace,
  workflowId,
  requestId: randomUUID(),
  workflowType: { name: 'any' },
  taskQueue: { name: 'nobody-polls' },
});

it('starts a run, though no worker has room, and says of one that exists what the usual way says', async () => {
  const request = requestOf(randomUUID());
  const started = await startEagerly(native, request, DEADLINE_MS);
  expect(started?.runId).toMatch(/^[\da-f-]{36}$/);
  const again = await startEagerly(native, request, DEADLINE_MS);
  expect(again?.runId).toBe(started?.runId); // the same request id: the same run
  const other = startEagerly(native, { ...request, requestId: randomUUID() }, DEADLINE_MS);
  await expect(other.catch((error: unknown) => classifyStartError(error).kind)).resolves.toBe('exists');
});

it('gives a server up in time that is silent, and one that is away, for the usual way to find out', async () => {
  const silence = (): void => sockets.forEach((socket) => socket.unpipe().pause());
  const end = (): void => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  };
  for (const fault of [silence, end]) {
    fault();
    const askedAt = performance.now();
    await expect(startEagerly(native, requestOf(randomUUID()), DEADLINE_MS)).resolves.toBeUndefined();
    expect(performance.now() - askedAt).toBeLessThan(2 * DEADLINE_MS);
  }
});
