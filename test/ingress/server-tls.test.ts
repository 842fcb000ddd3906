import { once } from 'node:events';
import { request } from 'node:https';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { openRaw, openRawTls, sayRaw } from '../support/raw-http.ts';
import { sign, startIngress } from './ingress-fixture.ts';
import { HALF_A_HANDSHAKE, POST, useTlsIngresses } from './tls-ingress.ts';

const { start, first, second } = useTlsIngresses();

describe('a listener with a certificate', () => {
  test('takes webhooks over TLS 1.3 and 1.2, and nothing older', async () => {
    const { port, ca, recorded, failures } = await start();
    for (const version of ['TLSv1.3', 'TLSv1.2'] as const) {
      const connection = await openRawTls(port, { ca, minVersion: version, maxVersion: version });
      connection.send(POST);
      expect((await connection.response()).status).toBe(200);
      expect(connection.socket.getProtocol()).toBe(version);
      connection.destroy();
    }
    await expect(openRawTls(port, { ca, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).rejects.toMatchObject(
      {
        code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
      },
    );
    await expect.poll(failures).toEqual(['protocol']);
    expect(recorded.deliveries).toHaveLength(2);
  });

  test('agrees on HTTP/1.1, and turns down who speaks HTTP/2 alone', async () => {
    const { port, ca, failures } = await start();
    const both = await openRawTls(port, { ca, ALPNProtocols: ['h2', 'http/1.1'] });
    expect(both.socket.alpnProtocol).toBe('http/1.1');
    both.send(POST);
    expect((await both.response()).status).toBe(200);
    await expect(openRawTls(port, { ca, ALPNProtocols: ['h2'] })).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
    });
    await expect.poll(failures).toEqual(['protocol']);
  });

  test('answers what is not HTTP under TLS too, and never in the clear', async () => {
    const { port, ca, ingress } = await start();
    const garbage = await openRawTls(port, { ca });
    garbage.send('GARBAGE\r\n\r\n');
    expect((await garbage.response()).status).toBe(400);
    expect(await garbage.closed()).toBe('');
    expect(ingress.counts()).toEqual({ 'request.malformed': 1 });
  });

  test('closes a connection that breaks its own TLS, and goes on', async () => {
    const { port, ca } = await start();
    const plain = connect(port, '127.0.0.1');
    const secured = await openRawTls(port, { ca, socket: plain });
    secured.send('POST /webhooks/shop HTTP/1.1\r\n');
    plain.write(Buffer.from('1703030010000102030405060708090a0b0c0d0e0f', 'hex')); // a record that no key made
    expect(await secured.closed()).not.toContain('HTTP/1.1');
    const next = await openRawTls(port, { ca });
    next.send(POST);
    expect((await next.response()).status).toBe(200);
    next.destroy();
  });

  test('closes plain HTTP without a byte, and goes on', async () => {
    const { port, ca, failures, ingress } = await start();
    await expect(sayRaw(port, POST)).rejects.toThrow('the connection closed after ""');
    await expect.poll(failures).toEqual(['plain']);
    expect(ingress.counts()).toEqual({});
    const next = await openRawTls(port, { ca });
    next.destroy();
  });

  test('counts a sender that does not take the certificate', async () => {
    const { port, failures } = await start();
    await expect(openRawTls(port)).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    await expect.poll(failures).toEqual([expect.stringMatching(/^(?:certificate|aborted)$/)]);
  });

  test('gives a handshake the time of a head, and counts it among its connections', async () => {
    const { port, ca, failures } = await start({ limits: { connections: 2, headersTimeoutMs: 300 } });
    const silent = await openRaw(port);
    const halfway = await openRaw(port);
    halfway.send(HALF_A_HANDSHAKE);
    expect(await Promise.all([silent.closed(), halfway.closed()])).toEqual(['', '']);
    await expect.poll(failures).toEqual(['timeout', 'timeout']);
    const [oldest, other] = [await openRaw(port), await openRaw(port)];
    const third = await openRawTls(port, { ca });
    expect(await oldest.closed()).toBe(''); // three are too many
    for (const connection of [other, third]) connection.destroy();
  });

  test('says when its certificate expires', async () => {
    let expiry = 0;
    await start({
      meter: {
        count: () => {},
        observe: () => {},
        watch: (name, read) => void (name === 'hookline_ingress_certificate_expiry_timestamp_seconds' && (expiry = read()[0]?.value ?? 0)),
      },
    });
    expect(Math.round((expiry - Date.now() / 1_000) / 86_400)).toBe(30);
  });

  test('does not start with a pair that it cannot serve', async () => {
    await expect(startIngress({ tls: { cert: first().cert, key: second().key } })).rejects.toThrow(
      `settings.wrong: expected the private key of the certificate, got the key of another one, in ${second().key}`,
    );
  });
});

test('a request with `Expect: 100-continue` is asked for its body under TLS', async () => {
  const { port, ca } = await start();
  const sent = request({
    port,
    host: '127.0.0.1',
    ca,
    servername: 'localhost',
    method: 'POST',
    path: '/webhooks/shop',
    headers: { expect: '100-continue', 'content-length': 2, [sign('{}')[0]]: sign('{}')[1] },
  });
  sent.once('continue', () => sent.end('{}'));
  sent.flushHeaders();
  const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }]; // what the event carries
  expect(response.statusCode).toBe(200);
  response.resume();
});
