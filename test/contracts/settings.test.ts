import { describe, expect, test } from 'vitest';
import { entryOf, toPrintableSettings, toSources } from '../../src/contracts/settings.ts';
import type { SettingEntry } from '../../src/contracts/settings-table.ts';
import { settingsTable } from '../../src/contracts/settings-table.ts';
import { exampleSettings } from './example-settings.ts';

const rows = Object.entries<SettingEntry>(settingsTable).map(([path, entry]) => ({ path, entry }));

describe('the settings table', () => {
  test.each(rows.filter(({ entry }) => entry.default !== undefined))('the default of $path is a value that it may have', ({ entry }) => {
    expect(entry.kind.schema.parse(entry.default)).toEqual(entry.default);
  });

  test.each(rows)('$path has a default, or says what happens without a value', ({ entry }) => {
    expect(entry.default !== undefined || entry.unset !== undefined || entry.required === 'always').toBe(true);
  });

  test.each(rows)('$path is told in one sentence', ({ entry }) => {
    expect(entry.means).toMatch(/^[A-Z].*[.:`]$/);
    expect(entry.kind.expected).toMatch(/^[a-z`]/);
  });

  test.each(rows.filter(({ path }) => path.endsWith('Ms')))('$path is in milliseconds', ({ entry }) => {
    expect(entry.unit).toBe('ms');
  });
});

describe('setting kinds', () => {
  const good: readonly (readonly [path: string, given: unknown, value: unknown])[] = [
    ['ingress.bodyLimit', 2048, 2048],
    ['ingress.bodyLimit', '2 MiB', 2_097_152],
    ['ingress.bodyLimit', '64KiB', 65_536],
    ['ingress.bodyLimit', '2 MB', 2_000_000],
    ['ingress.port', '8080', 8080],
    ['ingress.port', 0, 0],
    ['ingress.host', '::1', '::1'],
    ['sources.*.secrets', 'one', ['one']],
    ['sources.*.id', 'bodyHash', 'bodyHash'],
    ['sources.*.id', { header: 'X-Id' }, { header: 'X-Id' }],
    ['sources.*.type', 'order.created', { value: 'order.created' }],
    ['sources.*.type', { pointer: '/event/type' }, { pointer: '/event/type' }],
    ['sources.*.data', { pointer: '' }, { pointer: '' }],
    ['sources.*.allow', '203.0.113.0/24', ['203.0.113.0/24']],
    ['sources.*.allow', ['203.0.113.9', '2001:db8::/32', '::1', '0.0.0.0/0'], ['203.0.113.9', '2001:db8::/32', '::1', '0.0.0.0/0']],
    ['sources.*.include', 'order.created', ['order.created']],
    ['sources.*.exclude', ['order.*', 'github:push', 'orders/create', '*'], ['order.*', 'github:push', 'orders/create', '*']],
    ['sources.*.toleranceSeconds', '600', 600],
    ['sources.*.sameBody', 'refuse', 'refuse'],
    ['ingress.trustProxy', [], []],
    ['ingress.trustProxy', ['127.0.0.1', '10.0.0.0/8'], ['127.0.0.1', '10.0.0.0/8']],
    ['http.allow', '10.0.0.0/8', ['10.0.0.0/8']],
    ['http.allow', ['warehouse.internal', '::1', 'fd00::/8', '192.168.1.7'], ['warehouse.internal', '::1', 'fd00::/8', '192.168.1.7']],
    ['database.url', 'postgres:///hookline?host=/run/postgresql', 'postgres:///hookline?host=/run/postgresql'],
    ['mail.from', 'orders@shop.example', 'orders@shop.example'],
    ['temporal.address', 'hookline.a1b2c.tmprl.cloud:7233', 'hookline.a1b2c.tmprl.cloud:7233'],
  ];
  test.each(good)('%s takes %j', (path, given, value) => {
    expect(entryOf(path)?.kind.schema.parse(given)).toEqual(value);
  });

  const bad: readonly (readonly [path: string, given: unknown])[] = [
    ['ingress.bodyLimit', '2 GiB'],
    ['sources.*.toleranceSeconds', 0],
    ['sources.*.sameBody', 'ignore'],
    ['ingress.bodyLimit', '2 mib'],
    ['ingress.bodyLimit', 0],
    ['ingress.bodyLimit', 1.5e6 + 0.5],
    ['ingress.port', 65_536],
    ['ingress.port', -1],
    ['ingress.port', '0x50'],
    ['ingress.port', true],
    ['ingress.host', 'localhost.evil.example'],
    ['sources.*.secrets', []],
    ['sources.*.id', 'order-7'],
    ['sources.*.id', { value: 'order-7' }],
    ['sources.*.id', { header: 'X Id' }],
    ['sources.*.id', { header: 'X-Id', pointer: '/id' }],
    ['sources.*.id', { pointer: 'id' }],
    ['sources.*.id', { pointer: '/a~2' }],
    ['sources.*.type', 'two words'],
    ['sources.*.type', ''],
    ['sources.*.data', { header: 'X-Data' }],
    ['sources.*.allow', []],
    ['sources.*.allow', ['vendor.example']],
    ['sources.*.allow', ['203.0.113.0/33']],
    ['sources.*.allow', ['203.0.113.0/']],
    ['sources.*.allow', ['203.0.113.0/024']],
    ['sources.*.allow', ['203.0.113.0/24/8']],
    ['sources.*.allow', ['203.0.113']],
    ['sources.*.allow', ['0203.0.113.9']],
    ['sources.*.allow', ['2001:db8::/129']],
    ['sources.*.allow', ['[2001:db8::1]']],
    ['sources.*.allow', ['fe80::1%eth0']],
    ['sources.*.allow', [' 203.0.113.9']],
    ['sources.*.include', []],
    ['sources.*.include', ['']],
    ['sources.*.include', ['order.*.done']],
    ['sources.*.exclude', ['*.created']],
    ['sources.*.exclude', ['order.**']],
    ['sources.*.exclude', ['two words']],
    ['ingress.trustProxy', true],
    ['ingress.trustProxy', 1],
    ['ingress.trustProxy', 'proxy.internal'],
    ['http.allow', ['10.0.0.0/33']],
    ['http.allow', ['*']],
    ['http.allow', ['http://warehouse.internal']],
    ['database.url', 'mysql://localhost/hookline'],
    ['database.url', 'postgres://'],
    ['mail.smtp', 'smtp.example.com:25'],
    ['mail.from', 'a@b.example, c@d.example'],
    ['mail.from', 'Shop\r\nBcc: x@y.example <a@b.example>'],
    ['mail.messageIdDomain', 'shop example'],
    ['warehouse.url', 'file:///etc/passwd'],
    ['warehouse.secret', 'whsec_c2hvcnQ='],
    ['log.level', 'verbose'],
    ['temporal.address', 'localhost'],
  ];
  test.each(bad)('%s refuses %j', (path, given) => {
    expect(entryOf(path)?.kind.schema.safeParse(given).success).toBe(false);
  });
});

describe('entryOf', () => {
  test("finds a source's settings under any name, and nothing of a prototype", () => {
    expect(entryOf('sources.shop.id')).toBe(settingsTable['sources.*.id']);
    expect(entryOf('constructor')).toBeUndefined();
    expect(entryOf('sources.shop')).toBeUndefined();
  });
});

describe('toPrintableSettings', () => {
  test('shows no secret, only whether there is one', () => {
    const printable = toPrintableSettings(exampleSettings);
    expect(printable['sources']).toEqual({
      shop: {
        provider: 'shopify',
        secrets_configured: true,
        type: { value: 'order.created' },
        allow: ['203.0.113.0/24'],
        exclude: ['order.updated'],
      },
    });
    expect(printable['database']).toEqual({ url_configured: true });
    expect(printable['mail']).toEqual({ from: 'a@b.example', smtp_configured: false, messageIdDomain: 'b.example' });
    expect(JSON.stringify(printable)).not.toMatch(/s3cret/);
  });
});

describe('toSources', () => {
  test('gives the sources as the listener takes them', () => {
    expect(toSources(exampleSettings)).toEqual([
      {
        name: 'shop',
        provider: 'shopify',
        secrets: ['s3cret-of-the-shop'],
        allow: ['203.0.113.0/24'],
        include: undefined,
        exclude: ['order.updated'],
        options: { id: undefined, type: { value: 'order.created' }, time: undefined, data: undefined, references: undefined },
      },
    ]);
  });
});
