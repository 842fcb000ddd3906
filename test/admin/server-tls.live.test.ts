import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createAccess } from '../../src/admin/access.ts';
import { createAdminServer } from '../../src/admin/server.ts';
import { createTlsFiles } from '../../src/ingress/tls-files.ts';
import { createCertificates } from '../support/certificates.ts';
import { openRawTls, sayRaw } from '../support/raw-http.ts';
import { silentLog } from '../support/silent-log.ts';

const endings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

test('the listener for operators speaks TLS with the files of its settings, and plain HTTP gets nothing of it', async () => {
  const certificates = await createCertificates();
  endings.push(certificates.close);
  const paths = await certificates.make();
  const now = (): Date => new Date();
  const https = createTlsFiles({ paths, log: silentLog, now });
  endings.push(https.close);
  const server = createAdminServer({
    readiness: {
      report: () => ({ ready: true, role: 'admin', phase: 'serving', postgres: { up: true }, temporal: { up: true }, notes: [] }),
    },
    metrics: async () => 'a 1\n',
    access: createAccess({ trustProxy: [], auth: 'remote', encrypted: true, findToken: async () => undefined, now }),
    https,
  });
  endings.push(server.close);
  const url = new URL(await server.listen({ host: '127.0.0.1', port: 0, movable: false }));
  expect(url.protocol).toBe('https:');

  const request = `GET /readyz HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`;
  const connection = await openRawTls(Number(url.port), { ca: await readFile(paths.cert) });
  connection.send(request);
  expect((await connection.response()).status).toBe(200);
  expect(connection.socket.getProtocol()).toMatch(/^TLSv1\.[23]$/);
  connection.destroy();
  await expect(sayRaw(Number(url.port), request)).rejects.toThrow();

  // 100 connections are all that it takes: who holds one without saying anything must not keep others out
  const began = performance.now();
  const held = [connect(Number(url.port), '127.0.0.1'), (await openRawTls(Number(url.port), { ca: await readFile(paths.cert) })).socket];
  await Promise.all(held.map((socket) => once(socket.resume(), 'close')));
  expect(performance.now() - began).toBeLessThan(9_000);
});
