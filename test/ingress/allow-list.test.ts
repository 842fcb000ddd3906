import { isIP } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { createAddressList, createFindClient, toIpAddress } from '../../src/ingress/allow-list.ts';
import { toDeliveryHeaders } from '../../src/ingress/headers.ts';
import { openRaw, postRaw } from '../support/raw-http.ts';
import { SHOP, sign, startIngress } from './ingress-fixture.ts';
import type { TestIngress } from './ingress-fixture.ts';

const running: TestIngress[] = [];
const start = async (...args: Parameters<typeof startIngress>): Promise<TestIngress> => {
  const ingress = await startIngress(...args);
  running.push(ingress);
  return ingress;
};
afterEach(async () => {
  for (const { ingress } of running.splice(0)) await ingress.close();
});

const VENDOR = '203.0.113.9';
const VENDOR_V6 = '2001:db8:77::9';
const STRANGER = '198.51.100.7';
const NOBODY = 'a proxy that names no sender in `X-Forwarded-For`';
const allow = ['203.0.113.0/24', '2001:db8:77::/48'];
const path = '/webhooks/shop';

/** What a sender forwards, whom that makes it behind a trusted proxy, and whether it may post. */
const FORWARDED: readonly (readonly [name: string, lines: readonly string[], client: string | undefined, allowed: boolean])[] = [
  ['none', [], undefined, false],
  ['one', [VENDOR], VENDOR, true],
  ['one that is not on the list', [STRANGER], STRANGER, false],
  ['two, of which the sender wrote the first', [`${VENDOR}, ${STRANGER}`], STRANGER, false],
  ['two, the last on the list', [`${STRANGER}, ${VENDOR}`], VENDOR, true],
  ['two, the last of a proxy of ours', [`${VENDOR},10.0.0.6`], VENDOR, true],
  ['only proxies of ours', ['10.0.0.5, 10.0.0.6'], undefined, false],
  ['twice', [VENDOR, STRANGER], STRANGER, false],
  ['twice, the last on the list', [STRANGER, VENDOR], VENDOR, true],
  ['twice, the last line of a proxy of ours', [VENDOR, '10.0.0.6'], VENDOR, true],
  ['with a port', [`${VENDOR}:5555`], VENDOR, true],
  ['garbage', ['unknown'], undefined, false],
  ['garbage behind an address on the list', [`${VENDOR}, unknown`], undefined, false],
  ['garbage before an address on the list', [`<script>, ${VENDOR}`], VENDOR, true],
  ['an empty element behind an address on the list', [`${VENDOR}, `], undefined, false],
  ['an empty line behind an address on the list', [VENDOR, ''], undefined, false],
  ['a spelling that only some resolvers read', ['0xcb.0.113.9'], undefined, false],
  ['leading zeros', ['203.000.113.009'], undefined, false],
  ['IPv6', [VENDOR_V6], VENDOR_V6, true],
  ['IPv6 in brackets with a port', [`[${VENDOR_V6}]:443`], VENDOR_V6, true],
  ['IPv6 that is not on the list', ['2001:db8:78::9'], '2001:db8:78::9', false],
  ['mapped', [`::ffff:${VENDOR}`], VENDOR, true],
  ['mapped, in brackets with a port', [`[::FFFF:${VENDOR}]:443`], VENDOR, true],
  ['mapped, of a stranger', [`::ffff:${STRANGER}`], STRANGER, false],
  ['mapped, of a proxy of ours', [`${VENDOR}, ::ffff:10.0.0.6`], VENDOR, true],
  ['16 kB of them', [`${Array.from({ length: 900 }, () => VENDOR).join(',')},${STRANGER}`], STRANGER, false],
];

describe('a source with a list, behind a trusted proxy', () => {
  it.each(FORWARDED)('X-Forwarded-For: %s', async (_name, lines, client, allowed) => {
    const { port, recorded } = await start({ sources: [{ ...SHOP, allow }], trustProxy: ['127.0.0.1', '10.0.0.0/8'] });
    const headers = [sign('{}'), ...lines.map((line) => ['X-Forwarded-For', line] as const)];
    const { status, body } = await postRaw(port, { path, headers, body: '{}' });
    expect(status).toBe(allowed ? 200 : 403);
    expect(recorded.deliveries.map(({ remoteAddress }) => remoteAddress)).toEqual(allowed ? [client] : []);
    if (allowed) return;
    expect(JSON.parse(body)).toEqual({
      error: 'source.addressRefused',
      message: "the sender's address is not on the list of the source",
      fix: 'add the address to `allow` of the source; behind a proxy, see `ingress.trustProxy`',
    });
    expect(recorded.refusals).toMatchObject([
      {
        source: 'shop',
        code: 'source.addressRefused',
        httpStatus: 403,
        remoteAddress: client ?? '127.0.0.1',
        detail: `expected an address on the list of the source, got ${client ?? NOBODY}`,
        body: null,
      },
    ]);
  });
});

describe('a source with a list, reached without a trusted proxy', () => {
  it.each(FORWARDED)('X-Forwarded-For is not believed: %s', async (_name, lines) => {
    for (const [list, status] of [
      [allow, 403],
      [['127.0.0.0/8'], 200],
    ] as const) {
      const { port, recorded } = await start({ sources: [{ ...SHOP, allow: list }], trustProxy: ['10.0.0.0/8'] });
      const headers = [sign('{}'), ...lines.map((line) => ['X-Forwarded-For', line] as const)];
      expect((await postRaw(port, { path, headers, body: '{}' })).status).toBe(status);
      expect([...recorded.deliveries, ...recorded.refusals].map(({ remoteAddress }) => remoteAddress)).toEqual(['127.0.0.1']);
    }
  });
});

describe('a list of addresses', () => {
  it('does not stand in for the signature', async () => {
    const { port, recorded } = await start({ sources: [{ ...SHOP, allow: ['127.0.0.1'] }] });
    expect((await postRaw(port, { path, headers: [sign('{}', 'another secret')], body: '{}' })).status).toBe(401);
    expect(recorded.refusals).toMatchObject([{ code: 'signature.mismatch' }]);
  });

  it('refuses before a byte of the body has come', async () => {
    const { port } = await start({ sources: [{ ...SHOP, allow }] });
    const connection = await openRaw(port);
    connection.send(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n`);
    expect((await connection.response()).status).toBe(403);
    connection.destroy();
  });

  it('is a matter of its own source', async () => {
    const { port } = await start({ sources: [SHOP, { ...SHOP, name: 'bank', allow }] });
    expect((await postRaw(port, { path, headers: [sign('{}')], body: '{}' })).status).toBe(200);
    expect((await postRaw(port, { path: '/webhooks/bank', headers: [sign('{}')], body: '{}' })).status).toBe(403);
    expect((await postRaw(port, { path: '/webhooks/nowhere', headers: [sign('{}')], body: '{}' })).status).toBe(404);
  });

  it.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.0.0.0/8', '::ffff:a01:203', true],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['2001:db8::/33', '2001:DB8:7fff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['2001:db8::7', '2001:db8:0:0:0:0:0:7', true],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['0.0.0.0/0', '::1', false],
    ['fe80::/10', 'fe80::1%eth0', true],
  ])('%s has %s: %s', (range, address, has) => {
    expect(createAddressList([range])(toIpAddress(address))).toBe(has);
  });
});

describe('createFindClient', () => {
  const find = createFindClient(['127.0.0.1', '2001:db8:1::/48']);

  it('takes a peer by IPv6, or without an address, as it is', () => {
    const headers = toDeliveryHeaders(['X-Forwarded-For', VENDOR]);
    expect(find('2001:db8:1::5', headers)?.text).toBe(VENDOR);
    expect(find('::ffff:127.0.0.1', headers)?.text).toBe(VENDOR);
    expect(find('2001:db8:2::5', headers)?.text).toBe('2001:db8:2::5');
    expect(find(undefined, headers)).toBeUndefined();
  });

  it('never throws, and takes nothing that is no address for one', () => {
    const parts = ['1.2.3.4', '::1', '[', ']', ':', ',', '%', '::ffff:', '/8', ' ', '\0', 'é', '256.1.1.1', '-1', '1'];
    for (const first of parts) {
      for (const second of parts) {
        for (const third of parts) {
          const client = find('127.0.0.1', toDeliveryHeaders(['X-Forwarded-For', first + second + third]));
          expect(client === undefined || isIP(client.text) > 0, `X-Forwarded-For: ${first + second + third}`).toBe(true);
        }
      }
    }
  });
});
