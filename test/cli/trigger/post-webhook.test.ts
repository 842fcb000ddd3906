import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { postWebhook } from '../../../src/cli/trigger/post-webhook.ts';
import { sign, startIngress, type TestIngress } from '../../ingress/ingress-fixture.ts';
import { createCertificates, type Certificates } from '../../support/certificates.ts';

const webhook = { headers: Object.fromEntries([sign('{}')]), body: Buffer.from('{}') };
const running: TestIngress[] = [];
let certificates: Certificates;

beforeAll(async () => {
  certificates = await createCertificates();
});
afterEach(() => Promise.all(running.splice(0).map(({ ingress }) => ingress.close())));
afterAll(() => certificates.close());

const start = async (given: Parameters<typeof startIngress>[0] = {}): Promise<number> => {
  const ingress = await startIngress(given);
  running.push(ingress);
  return ingress.port;
};

describe('a posted webhook', () => {
  test('brings back what the listener answers', async () => {
    expect(await postWebhook(`http://127.0.0.1:${await start()}/webhooks/shop`, webhook)).toMatchObject({
      kind: 'answered',
      httpStatus: 200,
      status: 'accepted',
    });
  });

  test('says how to have a self-signed certificate taken', async () => {
    const port = await start({ tls: await certificates.make() });
    expect(await postWebhook(`https://127.0.0.1:${port}/webhooks/shop`, webhook)).toMatchObject({
      kind: 'unreachable',
      reason: 'a certificate of an authority that is not known here (DEPTH_ZERO_SELF_SIGNED_CERT)',
      fix: 'name the file with the certificate of its authority, for a self-signed one its own, in the environment variable `NODE_EXTRA_CA_CERTS`',
    });
  });

  test('says no more than the cause where nothing answers, and then knows no fix', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo; // a TCP listener has no other kind of address
    server.close();
    await once(server, 'close');
    const answer = await postWebhook(`http://127.0.0.1:${port}/webhooks/shop`, webhook);
    expect(answer).toEqual({ kind: 'unreachable', reason: 'ECONNREFUSED', durationMs: expect.any(Number) as number });
  });
});
